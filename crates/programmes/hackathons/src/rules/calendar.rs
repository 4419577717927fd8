//! Calendar files (RFC 5545 and RFC 7986).

use chrono::TimeDelta;
use kernel::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The identifier, which stays for as long as the entry exists.
    pub uid: String,
    /// The number of changes.
    pub sequence: i64,
    /// When it was last changed.
    pub changed_at: Timestamp,
    pub title: String,
    pub description: String,
    /// The URL of the page.
    pub url: String,
    pub starts_at: Timestamp,
    /// When it ends; `None` for a moment.
    pub ends_at: Option<Timestamp>,
    /// True if it does not take place. It stays in the calendar, so that calendars that know it show that.
    pub is_canceled: bool,
    /// How long before the start people are reminded.
    pub alarms: Vec<TimeDelta>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    pub name: String,
    /// The URL of the page.
    pub url: String,
    pub entries: Vec<CalendarEntry>,
}

impl Calendar {
    /// Returns the calendar as a file. The same calendar is always the same file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines = CalendarLines::default();
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Guildhall//Hackathons//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
        ] {
            lines.add(line);
        }
        for key in ["NAME", "X-WR-CALNAME"] {
            lines.text(key, &self.name);
        }
        lines.url(&self.url);
        for entry in &self.entries {
            entry.write(&mut lines);
        }
        lines.add("END:VCALENDAR");
        lines.0
    }
}

impl CalendarEntry {
    fn write(&self, lines: &mut CalendarLines) {
        lines.add("BEGIN:VEVENT");
        lines.text("UID", &self.uid);
        lines.instant("DTSTAMP", self.changed_at);
        lines.instant("LAST-MODIFIED", self.changed_at);
        // An integer has 32 bits (RFC 5545, section 3.3.8).
        let sequence = self.sequence.clamp(0, i64::from(i32::MAX));
        lines.add(&format!("SEQUENCE:{sequence}"));
        lines.add(if self.is_canceled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        lines.instant("DTSTART", self.starts_at);
        // An end must be later than the start, in whole seconds (RFC 5545, section 3.8.2.2).
        let is_later = |end: &Timestamp| end.timestamp() > self.starts_at.timestamp();
        if let Some(ends_at) = self.ends_at.filter(is_later) {
            lines.instant("DTEND", ends_at);
        }
        lines.text("SUMMARY", &self.title);
        if !self.description.is_empty() {
            lines.text("DESCRIPTION", &self.description);
        }
        lines.url(&self.url);
        lines.add("TRANSP:TRANSPARENT");
        if !self.is_canceled {
            self.write_alarms(lines);
        }
        lines.add("END:VEVENT");
    }

    fn write_alarms(&self, lines: &mut CalendarLines) {
        let minutes = self.alarms.iter().map(TimeDelta::num_minutes);
        for before in minutes.filter(|minutes| *minutes > 0) {
            lines.add("BEGIN:VALARM");
            lines.add("ACTION:DISPLAY");
            lines.add(&format!("TRIGGER:-PT{before}M"));
            lines.text("DESCRIPTION", &self.title);
            lines.add("END:VALARM");
        }
    }
}

#[derive(Default)]
struct CalendarLines(String);

impl CalendarLines {
    /// Adds a line, folded so that no part of it has more than 75 octets (RFC 5545, section 3.1).
    fn add(&mut self, line: &str) {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > 75 {
                self.0 += "\r\n ";
                length = 1;
            }
            self.0.push(c);
            length += c.len_utf8();
        }
        self.0 += "\r\n";
    }

    /// Adds a text, escaped (RFC 5545, section 3.3.11) and without the control characters that are not allowed.
    fn text(&mut self, key: &str, text: &str) {
        let mut line = format!("{key}:");
        for c in text.replace("\r\n", "\n").chars() {
            match c {
                '\\' | ';' | ',' => line.extend(['\\', c]),
                // Some calendars end lines at the separators of Unicode.
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => line += "\\n",
                c if c.is_control() && c != '\t' => {}
                c => line.push(c),
            }
        }
        self.add(&line);
    }

    /// Adds a URL, without characters that would end its line.
    fn url(&mut self, url: &str) {
        let url: String = url.chars().filter(|c| !c.is_control()).collect();
        self.add(&format!("URL:{url}"));
    }

    /// Adds an instant in UTC (RFC 5545, section 3.3.5).
    fn instant(&mut self, key: &str, at: Timestamp) {
        self.add(&format!("{key}:{}", at.format("%Y%m%dT%H%M%SZ")));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use testkit::growth::linear;

    use super::*;

    fn entry(title: &str) -> CalendarEntry {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        CalendarEntry {
            uid: "1-submission@guildhall".to_owned(),
            sequence: 3,
            changed_at: at("2026-10-01T08:00:00Z"),
            title: title.to_owned(),
            description: String::new(),
            url: "https://guild.example/hackathons/low-tide".to_owned(),
            starts_at: at("2026-11-14T09:00:00Z"),
            ends_at: Some(at("2026-11-22T18:00:00Z")),
            is_canceled: false,
            alarms: vec![TimeDelta::hours(1)],
        }
    }

    fn calendar(entries: Vec<CalendarEntry>) -> String {
        Calendar {
            name: "Low Tide".to_owned(),
            url: "https://guild.example/hackathons/low-tide".to_owned(),
            entries,
        }
        .text()
    }

    /// Joins folded lines (RFC 5545, section 3.1).
    fn unfolded(text: &str) -> Vec<String> {
        let joined = text.replace("\r\n ", "");
        joined.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn an_entry_has_its_dates_and_a_reminder() {
        let text = calendar(vec![entry("Submissions")]);
        assert_eq!(text, calendar(vec![entry("Submissions")]));
        let lines = unfolded(&text);
        for line in [
            "VERSION:2.0",
            "METHOD:PUBLISH",
            "NAME:Low Tide",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "UID:1-submission@guildhall",
            "DTSTAMP:20261001T080000Z",
            "LAST-MODIFIED:20261001T080000Z",
            "SEQUENCE:3",
            "STATUS:CONFIRMED",
            "SUMMARY:Submissions",
            "DTSTART:20261114T090000Z",
            "DTEND:20261122T180000Z",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT60M",
        ] {
            assert!(lines.iter().any(|found| found == line), "{line}: {text}");
        }
        assert_eq!(text.matches("UID:").count(), 1, "{text}");
    }

    #[test]
    fn a_canceled_entry_stays_without_reminders() {
        let canceled = CalendarEntry { is_canceled: true, ends_at: None, ..entry("Submissions") };
        let text = calendar(vec![canceled]);
        assert!(text.contains("STATUS:CANCELLED\r\n"), "{text}");
        assert!(!text.contains("VALARM") && !text.contains("DTEND"));
        assert!(!calendar(Vec::new()).contains("VEVENT"));
    }

    #[test]
    fn an_end_must_be_later_and_an_alarm_earlier() {
        let same = entry("Submissions");
        let text = calendar(vec![CalendarEntry {
            ends_at: Some(same.starts_at + TimeDelta::milliseconds(500)),
            sequence: i64::MAX,
            alarms: vec![TimeDelta::zero(), TimeDelta::minutes(-5)],
            url: "https://guild.example/\r\nX-OTHER:1".to_owned(),
            ..same
        }]);
        assert!(!text.contains("DTEND") && !text.contains("VALARM"), "{text}");
        assert!(text.contains("SEQUENCE:2147483647\r\n"), "{text}");
        assert!(!text.contains("\r\nX-OTHER"), "{text}");
    }

    #[test]
    fn long_texts_take_as_long_as_they_are() {
        _ = linear(|bytes| {
            let title = String::from_utf8_lossy(bytes);
            assert!(calendar(vec![entry(&title)]).len() > title.len());
        });
    }

    #[test]
    fn texts_are_escaped() {
        for (title, escaped) in [
            ("a, b; c", r"a\, b\; c"),
            (r"back\slash", r"back\\slash"),
            (r"\n is no line", r"\\n is no line"),
            ("one\ntwo\r\nthree\rfour", r"one\ntwo\nthree\nfour"),
            ("a\u{2028}b\u{2029}c\u{85}d", r"a\nb\nc\nd"),
            ("bell\u{7}\u{0}\u{1b}\u{7f}\t\"tab\":", "bell\t\"tab\":"),
            ("x\r\nEND:VCALENDAR\r\n", r"x\nEND:VCALENDAR\n"),
        ] {
            let text = calendar(vec![entry(title)]);
            let line = format!("SUMMARY:{escaped}");
            assert!(unfolded(&text).contains(&line), "{line}: {text}");
        }
    }

    /// Undoes the escaping of a text.
    fn unescaped(text: &str) -> String {
        let (mut plain, mut chars) = (String::new(), text.chars());
        while let Some(c) = chars.next() {
            plain.extend(match c {
                '\\' => chars.next().map(|c| if c == 'n' { '\n' } else { c }),
                c => Some(c),
            });
        }
        plain
    }

    proptest! {
        /// No line has more than 75 octets, and texts come back after folding and escaping are undone.
        #[test]
        fn texts_are_folded_and_escaped(title in r"[ -~äß🚢,;\\\n]{0,200}", name in r"\PC{0,100}") {
            let calendar = Calendar { name: name.clone(), url: String::new(), entries: vec![entry(&title)] };
            let text = calendar.text();
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
            prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
            let lines = unfolded(&text);
            let value = |key: &str| lines.iter().find_map(|line| line.strip_prefix(key)).map(unescaped);
            prop_assert_eq!(value("SUMMARY:"), Some(title));
            let name = name.replace(['\u{2028}', '\u{2029}'], "\n");
            prop_assert_eq!(value("X-WR-CALNAME:"), Some(name));
        }
    }
}
