"""The command line `yimen`: what designers ask of files, without a server and without a database."""
