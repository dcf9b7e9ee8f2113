"""PPO's and POCA's update phase in torch (eager) or JAX (jit), timed: bench_update's peers.

usage: peer.py torch|jax NETWORK HIDDEN BATCH MINIBATCHES DECISIONS
Says "ready", then reads counts, a line at a time, and answers each with the
seconds that so many update phases took: gathering of rows, losses, gradients
and Adam included, as in our update program.
"""
import os
import sys
import time

import numpy as np

library, network = sys.argv[1:3]
hidden, batch, minibatches, decisions = map(int, sys.argv[3:7])
actions, length, remembered = 2, 64, 128
EPSILON, BETA, RATE = 0.2, 0.001, 3e-4
random = np.random.default_rng(1)


class TorchOperations:
    def __init__(self):
        global torch, functional
        import torch
        from torch.nn import functional

        torch.set_num_threads(len(os.sched_getaffinity(0)))
        self.swish, self.leaky = functional.silu, functional.leaky_relu
        self.relu, self.linear = functional.relu, functional.linear
        self.exp, self.log, self.minimum = torch.exp, torch.log, torch.minimum
        self.concatenate = torch.cat

    def clip(self, x, low, high):
        return torch.clip(x, low, high)

    def convolution(self, x, w, b, stride, padding):
        return functional.conv2d(x, w, b, stride, padding)

    def pool(self, x):
        return functional.max_pool2d(x, 3, 2)

    def normalize(self, x):
        return functional.layer_norm(x, x.shape[-1:])

    def softmax(self, x):
        return torch.softmax(x, -1)

    def swap(self, x, first, second):
        return x.transpose(first, second)

    def repeat(self, x, count):
        return x.expand(-1, count, -1)

    def number(self, x):
        return x.float()

    def lstm(self, x, memory, weights):
        state = [part.contiguous()[None] for part in memory.chunk(2, -1)]
        return torch.lstm(x, state, weights, True, 1, 0.0, True, False, True)[0]


class JaxOperations:
    def __init__(self):
        global jax, jnp
        import jax
        import jax.numpy as jnp

        self.swish, self.leaky, self.relu = jax.nn.silu, jax.nn.leaky_relu, jax.nn.relu
        self.exp, self.log, self.minimum = jnp.exp, jnp.log, jnp.minimum
        self.clip, self.softmax = jnp.clip, jax.nn.softmax
        self.swap, self.concatenate = jnp.swapaxes, jnp.concatenate

    def linear(self, x, w, b):
        return x @ w.T + b

    def convolution(self, x, w, b, stride, padding):
        # Channels last, as JAX's own libraries have them.
        return b + jax.lax.conv_general_dilated(
            x, w, (stride, stride), [(padding, padding)] * 2,
            dimension_numbers=("NHWC", "OIHW", "NHWC"),
        )

    def pool(self, x):
        size, step = (1, 3, 3, 1), (1, 2, 2, 1)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, size, step, "VALID")

    def normalize(self, x):
        centered = x - x.mean(-1, keepdims=True)
        return centered / jnp.sqrt((centered**2).mean(-1, keepdims=True) + 1e-5)

    def repeat(self, x, count):
        return jnp.repeat(x, count, 1)

    def number(self, x):
        return x.astype(jnp.float32)

    def lstm(self, x, memory, weights):
        input_weight, recurrent, input_bias, recurrent_bias = weights
        rows = jnp.swapaxes(x, 0, 1) @ input_weight.T + input_bias + recurrent_bias

        def step(state, row):
            h, c = state
            i, f, g, o = jnp.split(row + h @ recurrent.T, 4, axis=-1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h

        _, outputs = jax.lax.scan(step, tuple(jnp.split(memory, 2, -1)), rows)
        return jnp.swapaxes(outputs, 0, 1)


lib = {"torch": TorchOperations, "jax": JaxOperations}[library]()


class Weights:
    """Weights by name, made up at the first use."""

    def __init__(self):
        self.made = {}
        self.bound = None

    def __call__(self, name, *shape):
        if self.bound is not None:
            return self.bound[name]
        scale = 1 / np.sqrt(np.prod(shape[1:])) if len(shape) > 1 else 0
        array = (random.normal(size=shape) * scale).astype(np.float32)
        self.made[name] = array
        return torch.from_numpy(array) if library == "torch" else jnp.asarray(array)

    def dense(self, name, x, outputs):
        w = self(name + ".weight", outputs, x.shape[-1])
        return lib.linear(x, w, self(name + ".bias", outputs))

    def convolution(self, name, x, outputs, window, stride=1, padding=0):
        channels = x.shape[1 if library == "torch" else 3]
        w = self(name + ".weight", outputs, channels, window, window)
        return lib.convolution(x, w, self(name + ".bias", outputs), stride, padding)


def simple(weights, name, x):
    x = lib.leaky(weights.convolution(name + ".0", x, 16, 8, 4))
    x = lib.leaky(weights.convolution(name + ".1", x, 32, 4, 2))
    return lib.leaky(weights.dense(name + ".dense", x.reshape(batch, -1), hidden))


def resnet(weights, name, x):
    for i, channels in enumerate((16, 32, 32)):
        x = lib.pool(weights.convolution(f"{name}.{i}", x, channels, 3, padding=1))
        for block in "ab":
            y = x
            for layer in "12":
                layer = f"{name}.{i}.{block}.{layer}"
                y = weights.convolution(layer, lib.swish(y), channels, 3, padding=1)
            x = x + y
    x = lib.swish(x).reshape(batch, -1)
    return lib.relu(weights.dense(name + ".dense", x, hidden))


def attention(weights, name, x, own):
    """Embedding and residual self-attention, as the reference writes them."""
    n = x.shape[1]
    absent = lib.number((x**2).sum(2) < 0.01)
    code = lib.swish(weights.dense(name + ".own", own, 128)).reshape(batch, 1, 128)
    code = lib.concatenate([lib.repeat(code, n), x], 2)
    code = lib.swish(weights.dense(name + ".embed", code, 128))
    return lib.concatenate([own, attend(weights, name, code, absent)], 1)


def attend(weights, name, code, absent):
    _, n, size = code.shape
    code = lib.normalize(code)
    q, k, v = (
        lib.swap(weights.dense(name + part, code, size).reshape(batch, n, 4, size // 4), 1, 2)
        for part in (".q", ".k", ".v")
    )
    mask = absent.reshape(batch, 1, 1, n)
    scores = (1 - mask) * (q @ lib.swap(k, 2, 3)) / size**0.5 + mask * -1e6
    heard = lib.swap(lib.softmax(scores) @ v, 1, 2).reshape(batch, n, size)
    y = lib.normalize(weights.dense(name + ".out", heard, size) + code)
    present = (1 - absent).reshape(batch, n, 1)
    return (y * present).sum(1) / (present.sum(1) + 1e-7)


def groups(weights, piece):
    """Value and baseline of each agent's group, its mates behind it."""
    own, mates = piece["observation0"], piece["mates_observation0"]
    everybody = lib.concatenate([own[:, None], mates], 1)
    states = lib.swish(weights.dense("critic.state", everybody, hidden))
    acted = lib.concatenate([mates, piece["mates_action"]], 2)
    decisions = lib.swish(weights.dense("critic.decision", acted, hidden))
    absent = lib.number(everybody[:, :, 0] > 1e6)
    full = 1 - 2 * absent.mean(1)

    def judge(members):
        x = attend(weights, "critic.attention", members, absent)
        for layer in range(2):
            x = lib.swish(weights.dense(f"critic.{layer}", x, hidden))
        return weights.dense("critic.head", lib.concatenate([x, full[:, None]], 1), 1)

    return judge(states), judge(lib.concatenate([states[:, :1], decisions], 1))


def lstm(weights, name, x, memory):
    size = 4 * remembered
    parts = [
        weights(name + ".input", size, hidden),
        weights(name + ".recurrent", size, remembered),
        weights(name + ".input_bias", size),
        weights(name + ".recurrent_bias", size),
    ]
    sequences = x.reshape(-1, length, hidden)
    return lib.lstm(sequences, memory, parts).reshape(batch, remembered)


encoders = {"simple": simple, "resnet": resnet, "attention": attention}
shapes = {
    "simple": [(3, 84, 84)],
    "resnet": [(3, 84, 84)],
    "attention": [(20, 8), (8,)],
}.get(network, [(8,)])


def forward(weights, name, piece, outputs):
    observations = [piece[f"observation{i}"] for i in range(len(shapes))]
    encode = encoders.get(network)
    x = encode(weights, name + ".encoder", *observations) if encode else observations[0]
    for layer in range(2):
        x = lib.swish(weights.dense(f"{name}.{layer}", x, hidden))
    if network == "lstm":
        x = lstm(weights, name + ".lstm", x, piece[name + "_memory"])
    return weights.dense(name + ".head", x, outputs)


def loss(weights, piece):
    mean = forward(weights, "actor", piece, actions)
    sigma = lib.exp(weights("sigma", actions))
    log_probability = (
        -((piece["action"] - mean) ** 2) / (2 * sigma**2 + 1e-7)
        - lib.log(sigma + 1e-7)
        - 0.5 * np.log(2 * np.pi)
    )
    ratio = lib.exp(log_probability - piece["old"])
    clipped = lib.clip(ratio, 1 - EPSILON, 1 + EPSILON)
    gain = lib.minimum(ratio * piece["advantage"], clipped * piece["advantage"]).mean()
    entropy = (0.5 * lib.log(2 * np.pi * np.e * sigma**2 + 1e-7)).mean()
    target = piece["target"]
    if network != "poca":
        value = forward(weights, "critic", piece, 1)
        return 0.5 * ((target - value) ** 2).mean() - gain - BETA * entropy
    value, baseline = groups(weights, piece)
    old = piece["old_baseline"]
    moved = old + lib.clip(baseline - old, -EPSILON, EPSILON)
    worst = -lib.minimum(-((target - baseline) ** 2), -((target - moved) ** 2))
    judged = ((target - value) ** 2).mean() + 0.5 * worst.mean()
    return 0.5 * judged - gain - BETA * entropy


def normal(*shape):
    return random.normal(size=shape).astype(np.float32)


def experience():
    """Columns by row, columns by sequence, and what each minibatch takes."""
    rows = {f"observation{i}": normal(decisions, *shape) for i, shape in enumerate(shapes)}
    rows["action"] = normal(decisions, actions)
    rows["old"] = normal(decisions, actions) * np.float32(0.1) - np.float32(1.4)
    rows["advantage"], rows["target"] = normal(decisions, 1), normal(decisions, 1)
    if network == "poca":
        rows["old_baseline"] = normal(decisions, 1)
        rows["mates"] = random.integers(0, decisions, size=(decisions, 2))
    starts, chosen = {}, None
    order = random.integers(0, decisions, size=(minibatches, batch))
    if network == "lstm":
        count = decisions // length
        for name in ("actor", "critic"):
            starts[name + "_memory"] = normal(count, 2 * remembered)
        chosen = random.integers(0, count, size=(minibatches, batch // length))
        order = (chosen[..., None] * length + np.arange(length)).reshape(minibatches, batch)
    if library == "jax":
        images = [name for name, column in rows.items() if column.ndim == 4]
        rows.update({name: rows[name].transpose(0, 2, 3, 1).copy() for name in images})
    return rows, starts, order, order[:, :0] if chosen is None else chosen


def take(rows, starts, order, chosen):
    piece = {name: column[order] for name, column in rows.items()}
    if network == "poca":
        for name in ("observation0", "action"):
            piece["mates_" + name] = rows[name][piece["mates"]]
    return {**piece, **{name: column[chosen] for name, column in starts.items()}}


def run_torch():
    rows, starts, order, chosen = experience()
    rows = {name: torch.from_numpy(column) for name, column in rows.items()}
    starts = {name: torch.from_numpy(column) for name, column in starts.items()}
    order, chosen = torch.from_numpy(order), torch.from_numpy(chosen)
    weights = Weights()
    with torch.no_grad():
        loss(weights, take(rows, starts, order[0], chosen[0]))
    weights.bound = {
        name: torch.from_numpy(array).requires_grad_()
        for name, array in weights.made.items()
    }
    optimizer = torch.optim.Adam(weights.bound.values(), lr=RATE)

    def call():
        for each in range(minibatches):
            value = loss(weights, take(rows, starts, order[each], chosen[each]))
            optimizer.zero_grad()
            value.backward()
            optimizer.step()

    return call


def run_jax():
    rows, starts, order, chosen = experience()
    rows = {name: jnp.asarray(column) for name, column in rows.items()}
    starts = {name: jnp.asarray(column) for name, column in starts.items()}
    order, chosen = jnp.asarray(order.astype(np.int32)), jnp.asarray(chosen.astype(np.int32))
    weights = Weights()
    jax.eval_shape(lambda: loss(weights, take(rows, starts, order[0], chosen[0])))
    parameters = {name: jnp.asarray(array) for name, array in weights.made.items()}

    def objective(parameters, piece):
        weights.bound = parameters
        return loss(weights, piece)

    def step(carry, places):
        parameters, first, second, count = carry
        # The experience is an argument, not a constant of the program.
        piece = take(*places)
        value, slopes = jax.value_and_grad(objective)(parameters, piece)
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, slopes)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, slopes)
        c1, c2 = 1 - 0.9**count, 1 - 0.999**count
        parameters = jax.tree.map(
            lambda w, m, v: w - RATE * (m / c1) / (jnp.sqrt(v / c2) + 1e-8),
            parameters, first, second,
        )
        return (parameters, first, second, count), value

    zeros = jax.tree.map(jnp.zeros_like, parameters)
    start = (parameters, zeros, zeros, jnp.zeros(()))
    if network in ("simple", "resnet"):
        # Inside a loop XLA's convolutions take ten times as long.
        compiled = jax.jit(step).lower(start, (rows, starts, order[0], chosen[0])).compile()

        def call():
            carry = start
            for each in range(minibatches):
                carry, _ = compiled(carry, (rows, starts, order[each], chosen[each]))
            jax.block_until_ready(carry)

        return call

    @jax.jit
    def phase(carry, rows, starts, order, chosen):
        def inner(carry, places):
            return step(carry, (rows, starts, *places))

        return jax.lax.scan(inner, carry, (order, chosen))

    words = (start, rows, starts, order, chosen)
    compiled = phase.lower(*words).compile()
    return lambda: jax.block_until_ready(compiled(*words))


call = {"torch": run_torch, "jax": run_jax}[library]()
print("ready", end="", flush=True)
for line in sys.stdin:
    begin = time.perf_counter()
    for _ in range(int(line)):
        call()
    print(time.perf_counter() - begin, end="", flush=True)
