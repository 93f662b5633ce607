# The meeting's tests that need more than their ring.
add_library(meeting_fixture STATIC ${CMAKE_SOURCE_DIR}/tests/support/meeting_fixture.c)
target_include_directories(meeting_fixture PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(meeting_fixture PUBLIC meeting_edge)

house_tests(integration meeting meeting_fixture)
