"""The server: web pages, JSON API, reader apps, feeds out. Everything here reads one store through one Pipeline."""
