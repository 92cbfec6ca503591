"""Echo: a labelled imitation of one person's writing, made only with that person's consent.

What a build calls, and what a reply calls, of the modules that write:

    clean.cleaned(raw, names)                a person's messages, fit to learn from
    profile.built(messages, others)          all an echo is made of; others' are read once and not kept
    generate.trial(profile, brain, …)        what the brain gets wrong by itself: only that is mended
    profile.packed(profile), unpacked(data)  to keep it and to open it
    generate.recipe(profile, name, base)     what Ollama makes a model of
    fidelity.marked(exam, author, …)         what two judges and the copy gate say of held-out replies

    generate.reply(profile, brain, manner, context, chance)
        a form is borrowed from one of the person's messages (polish), examples are shown (examples),
        drafts are written, given the form, the habits and the spellings (polish, spelling), pass the copy
        gate (copying), and the one most like the person that goes with the form is taken (rerank)

`benchmarks.echo` measures the whole, `benchmarks.echo_build` what a build costs.
"""
