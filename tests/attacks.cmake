# The attack corpus, and the tests that run it.
file(GLOB ATTACK_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/attacks/*.c)
list(FILTER ATTACK_SOURCES EXCLUDE REGEX "/main\\.c$")
add_library(attack_corpus STATIC ${ATTACK_SOURCES})
target_include_directories(attack_corpus PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(attack_corpus PUBLIC meeting_paper)
foreach(NAME attacks mutations revisions foreign_corpus)
    target_link_libraries(integration_paper_${NAME} PRIVATE attack_corpus)
endforeach()

# Two thousand mutants in every run, a hundred thousand in ./test soak.
set_tests_properties(integration_paper_mutations PROPERTIES TIMEOUT 900)
add_test(NAME soak_paper_mutations COMMAND integration_paper_mutations
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(soak_paper_mutations PROPERTIES LABELS paper_soak TIMEOUT 14400
    ENVIRONMENT "${SUPPRESSIONS};PAPER_MUTATIONS=100000")

add_executable(attack_list ${CMAKE_CURRENT_SOURCE_DIR}/attacks/main.c)
target_link_libraries(attack_list PRIVATE attack_corpus)
if(DEBIAN_PYTHON)
    add_test(NAME integration_paper_table
        COMMAND ${DEBIAN_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/attacks/table.py
        $<TARGET_FILE:attack_list> ${CMAKE_SOURCE_DIR}/docs/verification.md)
    set_tests_properties(integration_paper_table PROPERTIES LABELS integration TIMEOUT 60
        ENVIRONMENT "${SUPPRESSIONS}")
endif()
