"""Python imports this by itself: from then on there is no route to anywhere."""

import socket


def _refuse(*arguments, **options):
    raise OSError("this run has no network")


socket.socket.connect = _refuse
socket.socket.connect_ex = _refuse
socket.create_connection = _refuse
socket.getaddrinfo = _refuse
