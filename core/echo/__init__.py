"""Echo: a labelled imitation of one person's writing, made only with that person's consent."""
