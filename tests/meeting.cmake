# The meeting's tests that need more than their ring.
add_library(meeting_core_fixture STATIC support/meeting_core.c)
target_include_directories(meeting_core_fixture PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(meeting_core_fixture PUBLIC meeting_core)
foreach(NAME decide decide_issue fold minutes_draft)
    if(TARGET unit_meeting_${NAME})
        target_link_libraries(unit_meeting_${NAME} PRIVATE meeting_core_fixture)
    endif()
endforeach()

add_library(meeting_fixture STATIC support/meeting_fixture.c)
target_include_directories(meeting_fixture PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(meeting_fixture PUBLIC meeting_edge)
house_tests(integration meeting meeting_fixture)
target_link_libraries(integration_meeting_sealing PRIVATE device_fixture)

add_executable(bench_store bench/store.c)
target_include_directories(bench_store PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(bench_store PRIVATE meeting_edge)
