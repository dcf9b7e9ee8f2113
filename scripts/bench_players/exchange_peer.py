"""Exchanges with a player by the reference trainer's library.

usage: exchange_peer.py PLAYER AREAS PORT
"""
import sys

from peer_driver import serve_requests
import numpy as np
from mlagents_envs import logging_util
from mlagents_envs.base_env import ActionTuple
from mlagents_envs.environment import UnityEnvironment

player, areas, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
logging_util.set_log_level(logging_util.INFO)
environment = UnityEnvironment(player, num_areas=areas, base_port=port)


def exchange():
    """Every agent that waits gets an action, zeros."""
    decisions, _ = environment.get_steps(behavior)
    count = len(decisions)
    environment.set_actions(
        behavior,
        ActionTuple(
            np.zeros((count, actions.continuous_size), np.float32),
            np.zeros((count, actions.discrete_size), np.int32),
        ),
    )
    environment.step()


try:
    environment.reset()
    ((behavior, spec),) = environment.behavior_specs.items()
    actions = spec.action_spec
    serve_requests(exchange)
finally:
    environment.close()
