"""The command line: it speaks HTTP and AMQP only, and owns nothing."""
