trace-graph --help
