"""SAC's updates in torch (eager) or JAX (jit), timed: bench_update's peers.

usage: sac_peer.py torch|jax continuous|discrete HIDDEN BATCH UPDATES DECISIONS
Says "ready", then reads counts, a line at a time, and answers each with the
seconds that so many rounds of updates took: taking of batches, losses, gradients,
three Adams and the target network included, as in our update program.
"""
import sys
import time

import numpy as np

library, kind = sys.argv[1:3]
hidden, batch, updates = map(int, sys.argv[3:6])
observations, actions, branches = 8, 2, (3, 3)
GAMMA, TAU, RATE = 0.99, 0.005, 3e-4
random = np.random.default_rng(1)
continuous = kind == "continuous"

if library == "torch":
    import os

    import torch
    from torch.nn import functional

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    lib, swish, softplus = torch, functional.silu, functional.softplus
    stop = torch.Tensor.detach
    split = lambda x: torch.split(x, list(branches), -1)
    join = lambda *parts: torch.cat(parts, -1)
    softmax = lambda x: torch.softmax(x, -1)
    clip = torch.clamp
else:
    import jax
    import jax.numpy as jnp

    lib, swish, softplus = jnp, jax.nn.silu, jax.nn.softplus
    stop = jax.lax.stop_gradient
    split = lambda x: jnp.split(x, [branches[0]], -1)
    join = lambda *parts: jnp.concatenate(parts, -1)
    softmax = lambda x: jax.nn.softmax(x, -1)
    clip = jnp.clip


def normal(*shape):
    return random.normal(size=shape).astype(np.float32)


def made():
    """Weights by owner: actor, critics, temperatures and the target network."""
    choices = sum(branches)
    taken = actions if continuous else 0

    def network(name, inputs, *heads):
        sizes = [(inputs, hidden), (hidden, hidden)] + [(hidden, n) for n in heads]
        return {
            f"{name}.{i}.{part}": array
            for i, (n, m) in enumerate(sizes)
            for part, array in (
                ("w", normal(n, m) / np.float32(np.sqrt(n))),
                ("b", np.zeros(m, np.float32)),
            )
        }

    heads = (actions, actions) if continuous else (choices,)
    q = 1 if continuous else choices
    value = network("value", observations, 1)
    return {
        "actor": network("actor", observations, *heads),
        "critics": {
            **network("q1", observations + taken, q),
            **network("q2", observations + taken, q),
            **value,
        },
        "temperatures": {"k": np.zeros(1 if continuous else len(branches), np.float32)},
        "target": {k.replace("value", "target"): v.copy() for k, v in value.items()},
    }


def dense(weights, name, x):
    return x @ weights[name + ".w"] + weights[name + ".b"]


def body(weights, name, x):
    return swish(dense(weights, name + ".1", swish(dense(weights, name + ".0", x))))


def judge(weights, name, *inputs):
    return dense(weights, name + ".2", body(weights, name, join(*inputs)))


def draw(weights, piece):
    code = body(weights, "actor", piece["observation"])
    if not continuous:
        p = join(*map(softmax, split(dense(weights, "actor.2", code)))) + 1e-7
        return p, lib.log(p)
    mean = dense(weights, "actor.2", code)
    sigma = lib.exp(clip(dense(weights, "actor.3", code), -20, 2))
    u = mean + sigma * piece["noise"]
    density = -((u - mean) ** 2) / (2 * sigma**2 + 1e-7) - lib.log(sigma + 1e-7)
    density = density - 0.5 * np.log(2 * np.pi)
    density = density - 2 * (np.log(2) - u - softplus(-2 * u))
    return lib.tanh(u), density.sum(-1, keepdims=True)


def costs(p, logs, alpha):
    each = [part.sum(-1, keepdims=True) for part in split(p * logs)]
    return join(*each), (join(*each) * alpha).sum(-1, keepdims=True)


def losses(weights, target, piece):
    """Of policy, critics and temperatures, each of its own weights only."""
    critics = weights["critics"]
    seen = piece["observation"]
    k = weights["temperatures"]["k"]
    alpha = stop(lib.exp(k))
    first, second = draw(weights["actor"], piece)
    held = {name: stop(w) for name, w in critics.items()}
    following = stop(judge(target, "target", piece["next"]))
    goal = piece["reward"] + (1 - piece["done"]) * GAMMA * following
    if continuous:
        q1 = judge(critics, "q1", seen, piece["action"])
        q2 = judge(critics, "q2", seen, piece["action"])
        now = [judge(held, name, seen, first) for name in ("q1", "q2")]
        policy = (alpha * second - now[0]).mean()
        aim = lib.minimum(*now) - alpha * second
        temperature = -(k * stop(second - actions)).mean()
    else:
        every = [judge(critics, name, seen) for name in ("q1", "q2")]
        q1, q2 = ((all * piece["chosen"]).sum(-1, keepdims=True) / 2 for all in every)
        now = [stop(all) for all in every]
        entropies, cost = costs(first, second, alpha)
        policy = (cost - (first * now[0]).sum(-1, keepdims=True)).mean()
        expected = [(first * all).sum(-1, keepdims=True) / 2 for all in now]
        aim = lib.minimum(*expected) - cost / 2
        wanted = 0.2 * np.log(3)
        temperature = -(k * stop(entropies + wanted)).mean()
    value = judge(critics, "value", seen)
    judged = ((goal - q1) ** 2).mean() + ((goal - q2) ** 2).mean()
    return policy, 0.5 * (judged + ((stop(aim) - value) ** 2).mean()), temperature


def samples():
    columns = {
        "observation": normal(updates, batch, observations),
        "next": normal(updates, batch, observations),
        "reward": normal(updates, batch, 1),
        "done": random.integers(0, 2, size=(updates, batch, 1)).astype(np.float32),
    }
    if continuous:
        columns["action"] = np.tanh(normal(updates, batch, actions))
        columns["noise"] = normal(updates, batch, actions)
    else:
        chosen = [random.integers(0, n, size=(updates, batch)) for n in branches]
        ones = [np.eye(n, dtype=np.float32)[c] for n, c in zip(branches, chosen)]
        columns["chosen"] = np.concatenate(ones, -1)
    return columns


def run_torch():
    columns = {name: torch.from_numpy(column) for name, column in samples().items()}
    weights = {
        owner: {name: torch.from_numpy(w).requires_grad_(owner != "target") for name, w in own.items()}
        for owner, own in made().items()
    }
    target = weights.pop("target")
    adams = [torch.optim.Adam(own.values(), lr=RATE) for own in weights.values()]

    def call():
        for each in range(updates):
            piece = {name: column[each] for name, column in columns.items()}
            for adam, loss in zip(adams, losses(weights, target, piece)):
                adam.zero_grad()
                # The critics are held while the policy's loss goes through them.
                loss.backward(inputs=adam.param_groups[0]["params"])
            for adam in adams:
                adam.step()
            with torch.no_grad():
                for name, w in target.items():
                    own = weights["critics"][name.replace("target", "value")]
                    w.mul_(1 - TAU).add_(own, alpha=TAU)

    return call


def run_jax():
    columns = {name: jnp.asarray(column) for name, column in samples().items()}
    weights = jax.tree.map(jnp.asarray, made())
    target = weights.pop("target")

    def objective(weights, target, piece):
        # No loss reaches weights of another one but the policy's the actor's.
        return sum(losses(weights, target, piece))

    def step(carry, piece):
        weights, target, first, second, count = carry
        slopes = jax.grad(objective)(weights, target, piece)
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, slopes)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, slopes)
        c1, c2 = 1 - 0.9**count, 1 - 0.999**count
        weights = jax.tree.map(
            lambda w, m, v: w - RATE * (m / c1) / (jnp.sqrt(v / c2) + 1e-8),
            weights, first, second,
        )
        target = {
            name: (1 - TAU) * w + TAU * weights["critics"][name.replace("target", "value")]
            for name, w in target.items()
        }
        return (weights, target, first, second, count), ()

    zeros = jax.tree.map(jnp.zeros_like, weights)
    start = (weights, target, zeros, zeros, jnp.zeros(()))
    phase = jax.jit(lambda carry, columns: jax.lax.scan(step, carry, columns)[0])
    compiled = phase.lower(start, columns).compile()
    return lambda: jax.block_until_ready(compiled(start, columns))


call = {"torch": run_torch, "jax": run_jax}[library]()
print("ready", end="", flush=True)
for line in sys.stdin:
    begin = time.perf_counter()
    for _ in range(int(line)):
        call()
    print(time.perf_counter() - begin, end="", flush=True)
