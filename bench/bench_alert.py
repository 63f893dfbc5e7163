"""From an assignment to the browser of the agent, with 200 browsers connected.

Usage: ./dev bench alert [--quick]. Odoo's own server for websockets runs on the
database; 200 plain clients are connected as 200 agents. Single enquiries are assigned
one after the other, then one for every second agent at once: each of them hears of his
own once, nobody else hears anything.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

from measure import environment, result, table

AGENTS, SINGLE = 200, 20
MEDIAN, LAST = 1.0, 3.0
PATIENCE = 60


class Browser:
    """A plain client of the websocket that notes when it hears of an enquiry."""

    def __init__(self, port, user_id, session_id):
        import websocket

        self.user_id = user_id
        self.heard = []
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}/websocket",
            cookie=f"session_id={session_id}",
            origin=f"http://127.0.0.1:{port}",
            timeout=PATIENCE,
        )
        subscription = {"channels": [], "last": 0}
        self._socket.send(json.dumps({"event_name": "subscribe", "data": subscription}))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with suppress(Exception):
            while True:
                now_heard = json.loads(self._socket.recv())
                moment = time.monotonic()
                for row in now_heard:
                    if row["message"]["type"] == "estate.alert":
                        cards = row["message"]["payload"]["cards"]
                        self.heard += [(moment, card["lead_id"]) for card in cards]

    def wait(self, lead_id):
        """Return when this browser heard of an enquiry."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for moment, heard_id in list(self.heard):
                if heard_id == lead_id:
                    return moment
            time.sleep(0.005)
        raise TimeoutError(f"user {self.user_id} did not hear of {lead_id}")


# === DATA ===


def prepare(env, count):
    """Create agents and an enquiry for each; return (user ids, lead ids)."""
    env = env(context={"no_reset_password": True, "tracking_disable": True})
    group = env.ref("crm_real_estate.group_agent")
    users = env["res.users"].create(
        [
            {
                "name": f"Agent {number}",
                "login": f"bench-alert-{number}",
                "email": f"agent{number}@example.com",
                "group_ids": [(6, 0, group.ids)],
            }
            for number in range(count)
        ]
    )
    seeker = env["res.partner"].create(
        {"name": "Sam", "estate_kind": "standard", "email": "sam@example.com"}
    )
    env["base.automation"].search([("name", "=like", "Real estate:%")]).active = False
    leads = env["crm.lead"].create(
        [
            {
                "name": f"Enquiry {number}",
                "lead_role": "seeker",
                "deal_type": "sale",
                "partner_id": seeker.id,
                "user_id": False,
            }
            for number in range(count + SINGLE)
        ]
    )
    # commit: the server of the websockets is another process
    env.cr.commit()
    return users.ids, leads.ids


def log_in(env, user_ids):
    """Return the ids of sessions in which these users are logged in."""
    from odoo.http import get_default_session, root
    from odoo.service.security import compute_session_token

    sessions = []
    for user in env["res.users"].browse(user_ids):
        session = root.session_store.new()
        session.update(get_default_session(), db=env.cr.dbname)
        session.uid, session.login = user.id, user.login
        session.session_token = compute_session_token(session, env(user=user.id))
        root.session_store.save(session)
        sessions.append(session.sid)
    return sessions


# === SERVER ===


def _get_free_port():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serve():
    """Run Odoo's server for websockets; yield its port."""
    port = _get_free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "odoo", "gevent", "-c", os.environ["ODOO_RC"]),
            *("--gevent-port", str(port), "--http-interface", "127.0.0.1"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/websocket/health")
                break
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def connect(port, user_ids, sessions):
    """Return the browsers of these users, all connected, and the seconds it took."""
    start = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        browsers = list(pool.map(Browser, [port] * len(user_ids), user_ids, sessions))
    return browsers, time.monotonic() - start


# === RUN ===


def assign(env, pairs):
    """Let a colleague give leads to users in one transaction; return when it began."""
    start = time.monotonic()
    for lead_id, user_id in pairs:
        env["crm.lead"].browse(lead_id).write({"user_id": user_id})
    # commit: only then browsers may hear of it
    env.cr.commit()
    return start


def run(env, count):
    """Return seconds: (to connect, of single deliveries, until the last of many)."""
    user_ids, lead_ids = prepare(env, count)
    sessions = log_in(env, user_ids)
    with serve() as port:
        browsers, connecting = connect(port, user_ids, sessions)
        time.sleep(1)
        single = []
        for lead_id, browser in zip(lead_ids[count:], browsers, strict=False):
            start = assign(env, [(lead_id, browser.user_id)])
            single.append(browser.wait(lead_id) - start)
        for browser in browsers:
            browser.heard.clear()
        entitled = browsers[::2]
        pairs = list(zip(lead_ids, (b.user_id for b in entitled), strict=False))
        start = assign(env, pairs)
        last = max(
            browser.wait(lead_id)
            for (lead_id, _user), browser in zip(pairs, entitled, strict=True)
        )
        time.sleep(1)
        for number, browser in enumerate(browsers):
            heard = [lead_id for _moment, lead_id in browser.heard]
            expected = [] if number % 2 else [lead_ids[number // 2]]
            assert heard == expected, f"user {browser.user_id} heard of {heard}"
    return connecting, single, last - start


def main(arguments):
    """Run it; fail when the alerts are slower than they must be."""
    count = AGENTS // 10 if "--quick" in arguments else AGENTS
    with environment() as env:
        connecting, single, last = run(env, count)
    median = statistics.median(single)
    table(
        [
            ("alert", "seconds", "must be under"),
            (f"{count} browsers connect", f"{connecting:.2f}", ""),
            (f"median of {len(single)} assignments", f"{median:.3f}", MEDIAN),
            ("slowest of them", f"{max(single):.3f}", LAST),
            (f"{count // 2} at once, the last one", f"{last:.3f}", ""),
        ]
    )
    result(
        "alert",
        MEDIAN / median,
        clients=count,
        median=f"{median:.3f}",
        slowest=f"{max(single):.3f}",
        last_of_many=f"{last:.3f}",
    )
    assert median < MEDIAN and max(single) < LAST


if __name__ == "__main__":
    main(sys.argv[1:])
