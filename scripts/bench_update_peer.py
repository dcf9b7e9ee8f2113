"""One PPO step of two networks in torch or JAX, timed: bench_update's peers.

usage: bench_update_peer.py torch|jax HIDDEN BATCH MINIBATCHES REPEATS
Prints the median milliseconds per minibatch, gathering of rows, losses,
gradients and Adam included, as in our update program.
"""
import sys
import time

import numpy as np

library, hidden, batch, minibatches, repeats = sys.argv[1], *map(int, sys.argv[2:6])
rows, inputs, actions = 12000, 8, 2
random = np.random.default_rng(1)
data = {
    "observation": random.normal(size=(rows, inputs)),
    "action": random.normal(size=(rows, actions)),
    "old": random.normal(size=(rows, actions)) * 0.1 - 1.4,
    "advantage": random.normal(size=(rows, 1)),
    "target": random.normal(size=(rows, 1)),
}
data = {name: column.astype(np.float32) for name, column in data.items()}
index = random.integers(0, rows, size=(minibatches, batch)).astype(np.int32)
sizes = {
    "actor": [(inputs, hidden), (hidden, hidden), (hidden, actions)],
    "critic": [(inputs, hidden), (hidden, hidden), (hidden, 1)],
}
weights = {
    (net, layer, kind): (
        random.normal(size=shape) / np.sqrt(shape[0]) if kind == "w" else np.zeros(shape[1])
    ).astype(np.float32)
    for net, layers in sizes.items()
    for layer, shape in enumerate(layers)
    for kind in "wb"
}
EPSILON, BETA, RATE = 0.2, 0.001, 3e-4


def loss(lib, swish, parameters, log_sigma, piece):
    def network(name):
        x = piece["observation"]
        for layer in range(3):
            x = x @ parameters[name, layer, "w"] + parameters[name, layer, "b"]
            x = swish(x) if layer < 2 else x
        return x

    mean, value = network("actor"), network("critic")
    sigma = lib.exp(log_sigma)
    log_probability = (
        -((piece["action"] - mean) ** 2) / (2 * sigma**2 + 1e-7)
        - lib.log(sigma + 1e-7)
        - 0.5 * np.log(2 * np.pi)
    )
    ratio = lib.exp(log_probability - piece["old"])
    clipped = lib.clip(ratio, 1 - EPSILON, 1 + EPSILON)
    gain = lib.minimum(ratio * piece["advantage"], clipped * piece["advantage"]).mean()
    entropy = (0.5 * lib.log(2 * np.pi * np.e * sigma**2 + 1e-7)).mean()
    return 0.5 * ((piece["target"] - value) ** 2).mean() - gain - BETA * entropy


def run_jax():
    import jax
    import jax.numpy as jnp

    table = {name: jnp.asarray(column) for name, column in data.items()}

    def step(carry, chosen):
        parameters, first, second, time_step = carry
        piece = {name: column[chosen] for name, column in table.items()}

        def objective(p):
            return loss(jnp, jax.nn.swish, p[0], p[1], piece)

        value, gradients = jax.value_and_grad(objective)(parameters)
        time_step = time_step + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
        c1, c2 = 1 - 0.9**time_step, 1 - 0.999**time_step
        parameters = jax.tree.map(
            lambda w, m, v: w - RATE * (m / c1) / (jnp.sqrt(v / c2) + 1e-8),
            parameters, first, second,
        )
        return (parameters, first, second, time_step), value

    start = ({k: jnp.asarray(v) for k, v in weights.items()}, jnp.zeros(actions))
    zeros = jax.tree.map(jnp.zeros_like, start)
    phase = jax.jit(lambda carry, order: jax.lax.scan(step, carry, order))
    carry = (start, zeros, zeros, jnp.zeros(()))
    order = jnp.asarray(index)

    def call():
        jax.block_until_ready(phase(carry, order))

    return call


def run_torch():
    import torch

    table = {name: torch.from_numpy(column) for name, column in data.items()}
    parameters = {k: torch.from_numpy(v.copy()).requires_grad_() for k, v in weights.items()}
    log_sigma = torch.zeros(actions, requires_grad=True)
    optimizer = torch.optim.Adam([*parameters.values(), log_sigma], lr=RATE)
    order = torch.from_numpy(index.astype(np.int64))

    def call():
        for chosen in order:
            piece = {name: column[chosen] for name, column in table.items()}
            value = loss(torch, torch.nn.functional.silu, parameters, log_sigma, piece)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()

    return call


call = {"jax": run_jax, "torch": run_torch}[library]()
call()
times = []
for _ in range(repeats):
    begin = time.perf_counter()
    call()
    times.append((time.perf_counter() - begin) * 1000 / minibatches)
print(f"{sorted(times)[len(times) // 2]:.4f}")
