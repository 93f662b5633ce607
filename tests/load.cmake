# A crowd of clients against a media server in the same process, and the film it plays.
add_library(crowd_room STATIC support/crowd_room.c)
target_include_directories(crowd_room PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(crowd_room PUBLIC load_edge media_client)
house_tests(integration load crowd_room)

# The whole program, as a technician runs it, against the real server.
find_program(DEBIAN_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(DEBIAN_PYTHON)
    add_test(NAME integration_load_line_test
        COMMAND ${DEBIAN_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/integration/load/line_test.py
            $<TARGET_FILE:dienhong>
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(integration_load_line_test PROPERTIES LABELS integration TIMEOUT 240
        ENVIRONMENT "${SUPPRESSIONS}")
endif()
