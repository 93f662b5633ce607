# The door's integration tests: the real server in a process of its own, Python as its clients.
# Debian's own interpreter, whose packages (python3-yaml, python3-jsonschema) judge the messages.
find_program(DEBIAN_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(NOT DEBIAN_PYTHON)
    return() # ./run configures the tests too, and needs none of this; ./test installs it
endif()
file(GLOB DOOR_TESTS CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/integration/signaling/*.py)
foreach(SCRIPT ${DOOR_TESTS})
    get_filename_component(STEM ${SCRIPT} NAME_WE)
    add_test(NAME integration_signaling_${STEM}
        COMMAND ${DEBIAN_PYTHON} -B ${SCRIPT} $<TARGET_FILE:dienhong>
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(integration_signaling_${STEM} PROPERTIES LABELS integration TIMEOUT 240
        ENVIRONMENT "${SUPPRESSIONS}")
endforeach()

# What signs whole files for the stand-in of VGCA Sign Service.
add_executable(whole_file_signer support/whole_file_signer.c)
target_include_directories(whole_file_signer PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(whole_file_signer PRIVATE meeting_paper)
set_property(TEST integration_signaling_vgca APPEND PROPERTY
    ENVIRONMENT "WHOLE_FILE_SIGNER=$<TARGET_FILE:whole_file_signer>")
set_property(TEST integration_signaling_helper APPEND PROPERTY
    ENVIRONMENT "SIGNING_HELPER=$<TARGET_FILE:signing_helper>")
