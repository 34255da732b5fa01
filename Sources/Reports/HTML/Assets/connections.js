// connections
