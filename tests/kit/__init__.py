"""What the tests share that is not a test: servers, browsers and other surroundings."""
