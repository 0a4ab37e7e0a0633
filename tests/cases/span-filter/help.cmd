span-filter --help
