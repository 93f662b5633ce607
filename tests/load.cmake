# A crowd of clients against a media server in the same process, and the film it plays.
add_library(crowd_room STATIC support/crowd_room.c)
target_include_directories(crowd_room PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(crowd_room PUBLIC load_edge media_client)
house_tests(integration load crowd_room)
