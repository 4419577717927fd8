"""A mail server that records every accepted mail, parsed by Python's library, as a line of JSON."""

import asyncio
import json
import signal
import sys
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

port, notes = int(sys.argv[1]), open(sys.argv[2], "a", encoding="utf-8")


def defects(part):
    found = [repr(defect) for defect in part.defects]
    for value in part.values():
        found += [repr(defect) for defect in getattr(value, "defects", ())]
    for inner in part.iter_parts() if part.is_multipart() else ():
        found += defects(inner)
    return found


class Taker:
    async def handle_DATA(self, server, session, envelope):
        # Slower than the sender's own record, so that some kills happen between the two.
        await asyncio.sleep(0.004)
        mail = message_from_bytes(envelope.original_content, policy=policy.default)
        text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
        note = {
            "id": mail["Message-ID"].strip("<>").split("@")[0],
            "to": mail["To"].addresses[0].addr_spec,
            "envelope": envelope.rcpt_tos,
            "from": str(mail["From"]),
            "subject": mail["Subject"],
            "type": mail.get_content_type(),
            "text": text.get_content() if text else None,
            "html": html.get_content() if html else None,
            "unsubscribe": mail["List-Unsubscribe"],
            "one_click": mail["List-Unsubscribe-Post"],
            "auto": mail["Auto-Submitted"],
            "has_date": mail["Date"].datetime is not None,
            "defects": defects(mail),
        }
        notes.write(json.dumps(note) + "\n")
        notes.flush()
        return "250 noted"


controller = Controller(Taker(), hostname="127.0.0.1", port=port)
controller.start()
print("ready", flush=True)
signal.sigwait([signal.SIGTERM, signal.SIGINT])
controller.stop()
