"""One PPO step of two networks with encoders in torch: bench_encoders' peer.

usage: bench_encoders_peer.py simple|nature_cnn|resnet|entities BATCH MINIBATCHES REPEATS
Prints the median milliseconds per minibatch, gathering of rows, losses,
gradients and Adam included, as in our update program.
"""
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

case, batch, minibatches, repeats = sys.argv[1], *map(int, sys.argv[2:5])
rows, actions, hidden = 512, 2, 128
EPSILON, BETA, RATE = 0.2, 0.001, 3e-4
torch.manual_seed(1)


class Swish(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(x)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.layers = nn.Sequential(
            Swish(), nn.Conv2d(channels, channels, 3, padding=1),
            Swish(), nn.Conv2d(channels, channels, 3, padding=1),
        )

    def forward(self, x):
        return x + self.layers(x)


def visual(kind):
    leaky = nn.LeakyReLU
    if kind == "simple":
        layers = [nn.Conv2d(3, 16, 8, 4), leaky(), nn.Conv2d(16, 32, 4, 2), leaky()]
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(2592, hidden), leaky())
    if kind == "nature_cnn":
        layers = [
            nn.Conv2d(3, 32, 8, 4), leaky(), nn.Conv2d(32, 64, 4, 2), leaky(),
            nn.Conv2d(64, 64, 3, 1), leaky(),
        ]
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(3136, hidden), leaky())
    layers, channels = [], 3
    for outputs in (16, 32, 32):
        layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.MaxPool2d(3, 2)]
        layers += [Residual(outputs), Residual(outputs)]
        channels = outputs
    return nn.Sequential(*layers, Swish(), nn.Flatten(), nn.Linear(2592, hidden), nn.ReLU())


class Entities(nn.Module):
    """Embedding and residual self-attention, as the reference writes them."""

    def __init__(self, features, own):
        super().__init__()
        self.own = nn.Sequential(nn.Linear(own, 128), Swish())
        self.embed = nn.Sequential(nn.Linear(128 + features, 128), Swish())
        self.q, self.k, self.v, self.out = (nn.Linear(128, 128) for _ in range(4))

    def forward(self, x, vector):
        n = x.shape[1]
        absent = (torch.sum(x**2, axis=2) < 0.01).float()
        own = self.own(vector).reshape(-1, 1, 128)
        code = self.embed(torch.cat([own.expand(-1, n, -1), x], dim=2))
        code = functional.layer_norm(code, (128,))
        q, k, v = (
            layer(code).reshape(-1, n, 4, 32).permute(0, 2, 1, 3)
            for layer in (self.q, self.k, self.v)
        )
        mask = absent.reshape(-1, 1, 1, n)
        scores = (1 - mask) * (q @ k.transpose(-1, -2)) / 128**0.5 + mask * -1e6
        heard = (torch.softmax(scores, dim=3) @ v).permute(0, 2, 1, 3).reshape(-1, n, 128)
        y = functional.layer_norm(self.out(heard) + code, (128,))
        present = (1 - absent).reshape(-1, n, 1)
        mean = (y * present).sum(dim=1) / (present.sum(dim=1) + 1e-7)
        return torch.cat([vector, mean], dim=1)


class Network(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.encoder = Entities(8, 8) if case == "entities" else visual(case)
        width = 136 if case == "entities" else hidden
        self.body = nn.Sequential(
            nn.Linear(width, hidden), Swish(), nn.Linear(hidden, hidden), Swish()
        )
        self.head = nn.Linear(hidden, outputs)

    def forward(self, observations):
        return self.head(self.body(self.encoder(*observations)))


shapes = [(20, 8), (8,)] if case == "entities" else [(3, 84, 84)]
random = np.random.default_rng(1)


def column(*shape):
    return torch.from_numpy(random.normal(size=(rows, *shape)).astype(np.float32))


observations = [column(*shape) for shape in shapes]
action, advantage, target = column(actions), column(1), column(1)
old = column(actions) * 0.1 - 1.4
order = torch.from_numpy(random.integers(0, rows, size=(minibatches, batch)))
actor, critic = Network(actions), Network(1)
log_sigma = torch.zeros(actions, requires_grad=True)
weights = [*actor.parameters(), log_sigma, *critic.parameters()]
optimizer = torch.optim.Adam(weights, lr=RATE)


def step(chosen):
    piece = [each[chosen] for each in observations]
    mean, value = actor(piece), critic(piece)
    sigma = torch.exp(log_sigma)
    log_probability = (
        -((action[chosen] - mean) ** 2) / (2 * sigma**2 + 1e-7)
        - torch.log(sigma + 1e-7)
        - 0.5 * np.log(2 * np.pi)
    )
    ratio = torch.exp(log_probability - old[chosen])
    clipped = torch.clip(ratio, 1 - EPSILON, 1 + EPSILON)
    gain = torch.minimum(ratio * advantage[chosen], clipped * advantage[chosen]).mean()
    entropy = (0.5 * torch.log(2 * np.pi * np.e * sigma**2 + 1e-7)).mean()
    error = ((target[chosen] - value) ** 2).mean()
    loss = 0.5 * error - gain - BETA * entropy
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def call():
    for chosen in order:
        step(chosen)


call()
times = []
for _ in range(repeats):
    begin = time.perf_counter()
    call()
    times.append((time.perf_counter() - begin) * 1000 / minibatches)
print(f"{sorted(times)[len(times) // 2]:.4f}")
