"""The ways out to people: mail, a program's own address, rooms of chats. One module each."""
