"""The doors of the house (HTTP): our own API, sign-in, live events, the Camunda-compatible API and the web client.

A route reads the request, calls one function of `casework`, shapes the answer, and decides nothing: who may do what is the
gate's business (`casework.people.eligibility`), at whatever door.
"""
