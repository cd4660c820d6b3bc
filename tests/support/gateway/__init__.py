"""A small Discord of the tests' own: its HTTP API and its gateway on this machine, in a process of
its own, for the bot as it is run.

    with GatewayServer().start() as discord, discord.bot(installation):
        posted = discord.post("general", 1, "Hello!")

Only what the bot asks for is there; anything else is answered with 404 and kept as `unknown`.
"""
