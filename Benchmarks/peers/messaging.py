"""Messages between agents in other tools: messaging.py.

Agents on a ring lattice tell four neighbours their value every 100 ms of virtual time, over links with a delay of 50 ms and, where
the tool has it, a loss of 5 %. Prints one JSON line a tool: CPU and wall time for a million messages, s, best of three runs.
mango's simulated world has delay and loss; mesa's event scheduler has neither messages nor loss: a message is an event; mosaik
passes values along connections at every step.
"""
import asyncio
import json
import logging
import sys
import time
from importlib.metadata import version

AGENTS, TICKS = 100, 25


def neighbours(i):
    return [(i + k) % AGENTS for k in (-2, -1, 1, 2)]


def best(run):
    """Least CPU and wall time for a million messages of three runs."""
    results = []
    for _ in range(3):
        cpu, wall = time.process_time(), time.perf_counter()
        messages = run()
        results.append(((time.process_time() - cpu) / messages * 1e6, (time.perf_counter() - wall) / messages * 1e6))
    return min(results)


def mango():
    from mango import Agent, SimpleCommunicationSimulation, addr
    from mango.simulation.world import create_world

    class Averager(Agent):
        def __init__(self, index):
            super().__init__()
            self.index, self.value, self.heard, self.peers = index, float(index), 0, []

        def on_ready(self):
            self.schedule_periodic_task(self.tick, 0.1)

        async def tick(self):
            for peer in self.peers:
                await self.send_message(self.value, peer)

        def handle_message(self, content, meta):
            self.heard += 1
            self.value += 0.1 * (content - self.value)

    async def run():
        world = create_world(communication_sim=SimpleCommunicationSimulation(loss_percent=0.05, default_delay_s=0.05))
        agents = [world.register(Averager(i)) for i in range(AGENTS)]
        for agent in agents:
            agent.peers = [agents[j].addr for j in neighbours(agent.index)]
        async with world:
            await world.step_until(TICKS * 0.1)
        return sum(agent.heard for agent in agents)

    return best(lambda: asyncio.run(run()))


def mesa():
    from mesa import Model
    from mesa.experimental.devs import DEVSimulator

    class World(Model):
        def __init__(self):
            super().__init__(seed=1)
            self.values, self.heard = [float(i) for i in range(AGENTS)], 0

        def tick(self, i):
            for j in neighbours(i):
                simulator.schedule_event_relative(self.receive, 0.05, function_args=[j, self.values[i]])
            simulator.schedule_event_relative(self.tick, 0.1, function_args=[i])

        def receive(self, j, value):
            self.heard += 1
            self.values[j] += 0.1 * (value - self.values[j])

    def run():
        nonlocal simulator
        simulator = DEVSimulator()
        world = World()
        simulator.setup(world)
        for i in range(AGENTS):
            simulator.schedule_event_relative(world.tick, 0.0, function_args=[i])
        simulator.run_for(TICKS * 0.1)
        return world.heard

    simulator = None
    return best(run)


def mosaik():
    import mosaik
    import mosaik_api_v3

    heard = 0

    class Averagers(mosaik_api_v3.Simulator):
        def __init__(self):
            super().__init__({"type": "time-based", "models": {"A": {"public": True, "params": [], "attrs": ["value"]}}})

        def init(self, sid, time_resolution):
            return self.meta

        def create(self, num, model):
            self.values = [float(i) for i in range(num)]
            return [{"eid": str(i), "type": model} for i in range(num)]

        def step(self, time, inputs, max_advance):
            nonlocal heard
            for eid, attributes in inputs.items():
                received = attributes["value"].values()
                heard += len(received)
                self.values[int(eid)] = sum(received) / len(received)
            return time + 1

        def get_data(self, outputs):
            return {eid: {"value": self.values[int(eid)]} for eid in outputs}

    globals()["Averagers"] = Averagers  # Where mosaik looks for it: in this process, without a socket.

    def run():
        nonlocal heard
        heard = 0
        with mosaik.World({"S": {"python": "__main__:Averagers"}}) as world:
            left, right = (world.start("S").A.create(AGENTS) for _ in range(2))
            for i in range(AGENTS):
                for j in neighbours(i):
                    world.connect(left[i], right[j], "value")
            world.run(until=TICKS, print_progress=False)
        return heard

    return best(run)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    try:
        from loguru import logger
        logger.remove()
    except ImportError:
        pass
    for name, package, job in (("mango", "mango-agents", mango), ("mesa", "mesa", mesa), ("mosaik", "mosaik", mosaik)):
        try:
            cpu, wall = job()
        except Exception as error:
            print(f"skipped {name}: {error!r}")
            continue
        print(json.dumps({"tool": f"{name} {version(package)}", "cpu": cpu, "wall": wall, "difference": 0}))
    sys.stdout.flush()
