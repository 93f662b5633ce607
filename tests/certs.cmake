# Certificates and paper: meeting/edge/paper is tested on its own, without the meeting around it.
house_tests(unit paper meeting_paper)
house_tests(integration paper meeting_paper)
house_tests(vectors paper meeting_paper)

add_executable(bench_paper bench/paper.c bench/measure.c)
target_include_directories(bench_paper PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(bench_paper PRIVATE meeting_paper)
