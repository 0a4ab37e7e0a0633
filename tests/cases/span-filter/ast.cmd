span-filter --ast '.a || .b && .c'
span-filter --ast '{ .a } | count() > 1'
span-filter --ast '{ .a '; echo $?
span-filter --ast 'true' --drop '.a' --sample 5% --keep '.b && .c'
