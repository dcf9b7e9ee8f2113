"""An LSTM layer on whole sequences in torch or JAX, timed: bench_lstm's peers.

usage: bench_lstm_peer.py torch|jax SEQUENCES STEPS INPUTS HIDDEN REPEATS THREADS
Prints the median milliseconds of a call, forward alone and with the gradients
of weights, inputs and memory. JAX takes the threads that it wants.
"""
import sys
import time

import numpy as np

library = sys.argv[1]
sequences, steps, inputs, hidden, repeats, threads = map(int, sys.argv[2:8])
random = np.random.default_rng(1)


def draw(*shape):
    return (random.normal(size=shape) / 9).astype(np.float32)


def measure(call):
    for _ in range(3):
        call()
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        times.append((time.perf_counter() - begin) * 1000)
    return sorted(times)[len(times) // 2]


def run_torch():
    import torch

    torch.set_num_threads(threads)
    layer = torch.nn.LSTM(inputs, hidden, batch_first=True)
    x = torch.from_numpy(draw(sequences, steps, inputs)).requires_grad_()
    h, c = (torch.from_numpy(draw(1, sequences, hidden)).requires_grad_() for _ in "hc")
    readers = torch.from_numpy(draw(sequences, steps, hidden))

    def forward():
        with torch.no_grad():
            return (layer(x, (h, c))[0] * readers).sum()

    def both():
        layer.zero_grad()
        x.grad = h.grad = c.grad = None
        (layer(x, (h, c))[0] * readers).sum().backward()

    return forward, both


def run_jax():
    import jax
    import jax.numpy as jnp

    parameters = [
        draw(inputs, 4 * hidden), draw(hidden, 4 * hidden), draw(4 * hidden),
        draw(sequences, steps, inputs), draw(sequences, hidden), draw(sequences, hidden),
    ]
    readers = jnp.asarray(draw(sequences, steps, hidden))

    def loss(parameters):
        weight, recurrent, bias, x, h, c = parameters

        def step(state, x):
            h, c = state
            i, o, f, g = jnp.split(x + h @ recurrent, 4, axis=-1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h

        _, outputs = jax.lax.scan(step, (h, c), jnp.swapaxes(x, 0, 1) @ weight + bias)
        return (jnp.swapaxes(outputs, 0, 1) * readers).sum()

    parameters = [jnp.asarray(array) for array in parameters]
    value, slopes = jax.jit(loss), jax.jit(jax.value_and_grad(loss))
    return (
        lambda: jax.block_until_ready(value(parameters)),
        lambda: jax.block_until_ready(slopes(parameters)),
    )


forward, both = {"jax": run_jax, "torch": run_torch}[library]()
print(f"{measure(forward):.4f} {measure(both):.4f}")
