print("hopscope")
