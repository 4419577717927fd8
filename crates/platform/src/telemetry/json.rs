//! Log lines as JSON objects.

use std::fmt::{self, Debug};

use serde::{Serialize, Serializer};
use serde_json::{Number, Value};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::Writer,
        time::{FormatTime as _, SystemTime},
    },
    registry::LookupSpan,
};

use super::request;

/// Writes each line as one object: its time, level and target, the fields of the event, then the request that the task answers. No
/// object has a key twice, since readers disagree about which of the two counts.
pub(super) struct JsonLines;

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let metadata = event.metadata();
        let mut line = Line::default();
        line.add("timestamp", time.into());
        line.add("level", metadata.level().as_str().into());
        line.add("target", metadata.target().into());
        event.record(&mut line);
        request::of_this(|this| this.describe(|name, value| line.add_missing(name, value)));
        let text = serde_json::to_string(&line).map_err(|_| fmt::Error)?;
        writeln!(writer, "{text}")
    }
}

/// The members of an object, in their order.
#[derive(Default)]
struct Line(Vec<(String, Value)>);

impl Line {
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Adds a member, with another name if this one is taken.
    fn add(&mut self, name: &str, value: Value) {
        let mut name = name.trim_start_matches("r#").to_owned();
        while self.has(&name) {
            name.push('_');
        }
        self.0.push((name, value));
    }

    /// Adds a member unless the event has it.
    fn add_missing(&mut self, name: &str, value: String) {
        if !self.has(name) {
            self.add(name, value.into());
        }
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field.name(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field.name(), Number::from_f64(value).map_or(Value::Null, Value::Number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_there_twice() {
        let mut line = Line::default();
        line.add("level", "INFO".into());
        line.add("level", 3.into());
        line.add("r#type", "season".into());
        line.add("request_id", "own".into());
        line.add_missing("request_id", "other".to_owned());
        line.add_missing("person", "someone".to_owned());
        let text = serde_json::to_string(&line).expect("JSON");
        let expected = "{\"level\":\"INFO\",\"level_\":3,\"type\":\"season\",\"request_id\":\"own\",\
                        \"person\":\"someone\"}";
        assert_eq!(text, expected);
    }
}
