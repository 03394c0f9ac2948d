"""What the six services' doors share: the request's session, who asks, and how a refusal looks."""
