// Prints the events of calendar files as JSON, by file, as the library ical.js or node-ical reads them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

const [library, ...files] = process.argv.slice(2);
const instant = (at) => at.toISOString().replace('.000Z', 'Z');

/** Returns a time of ical.js, which must be an instant in UTC. */
function ofIcal(time) {
  assert.ok(!time.isDate && time.zone === ICAL.Timezone.utcTimezone, `${time} is not in UTC`);
  return instant(time.toJSDate());
}

const READERS = {
  'ical.js'(text) {
    const calendar = new ICAL.Component(ICAL.parse(text));
    assert.equal(calendar.name, 'vcalendar');
    return calendar.getAllSubcomponents('vevent').map((component) => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid,
        sequence: event.sequence,
        status: component.getFirstPropertyValue('status'),
        start: ofIcal(event.startDate),
        end: ofIcal(event.endDate),
        summary: event.summary,
        description: event.description ?? '',
      };
    });
  },
  'node-ical'(text) {
    const events = Object.values(nodeIcal.sync.parseICS(text)).filter((one) => one.type === 'VEVENT');
    return events.map(({ uid, sequence, status, start, end, summary, description }) => {
      assert.ok(start.tz === 'Etc/UTC' && start.dateOnly !== true, `${start} is not in UTC`);
      return {
        uid, sequence: Number(sequence), status, start: instant(start), end: instant(end), summary, description: description ?? '',
      };
    });
  },
};

const read = (file) => {
  const events = READERS[library](readFileSync(file, 'utf8'));
  return [basename(file), events.sort((one, other) => (one.uid < other.uid ? -1 : 1))];
};
console.log(JSON.stringify(Object.fromEntries(files.map(read))));
