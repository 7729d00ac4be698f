from tests.peers.feeds import feeds as feeds
