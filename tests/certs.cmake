# Certificates and paper: meeting/edge/paper is tested on its own, without the meeting around it.
house_tests(unit paper meeting_paper)
house_tests(integration paper meeting_paper)
house_tests(vectors paper meeting_paper)
