trace-stats --help
