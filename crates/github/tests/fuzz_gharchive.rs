//! Conversion of any bytes returns a valid delivery or an error.

use github::rules::gharchive::convert;

const GOOD: &str = concat!(
    r#"{"id":"31000000001","type":"PullRequestEvent","actor":{"id":583231,"login":"octocat"},"#,
    r#""repo":{"id":1296269,"name":"octo-org/hello-world"},"payload":{"action":"opened","number":3,"#,
    r#""pull_request":{"id":7,"number":3,"state":"open","title":"Greet","user":null,"#,
    r#""base":{"repo":{"id":1296269,"full_name":"octo-org/hello-world"}}}},"#,
    r#""public":true,"created_at":"2024-05-01T10:00:00Z"}"#
);

fn converts_or_rejects(line: &[u8]) {
    match convert(line) {
        Ok(Some(delivery)) => {
            assert!(delivery.body.get().starts_with('{'));
            assert!(!delivery.event.is_empty());
        }
        Ok(None) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

#[test]
fn arbitrary_bytes_are_converted_or_rejected() {
    bolero::check!().for_each(converts_or_rejects);
}

/// Random bytes rarely get past the first brace, but a valid line with a change does.
#[test]
fn a_changed_line_is_converted_or_rejected() {
    bolero::check!()
        .with_type::<(usize, u8, Vec<u8>)>()
        .for_each(|(at, cut, insert)| {
            let mut line = GOOD.as_bytes().to_vec();
            let at = at % line.len();
            let end = line.len().min(at + usize::from(cut % 16));
            line.splice(at..end, insert.iter().copied());
            converts_or_rejects(&line);
        });
}

#[test]
fn nesting_does_not_exhaust_the_stack() {
    let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
    for field in [
        "\"action\":\"opened\"",
        "\"number\":3",
        "\"id\":\"31000000001\"",
        "\"user\":null",
    ] {
        let name = field.split(':').next().expect("a name");
        converts_or_rejects(GOOD.replace(field, &format!("{name}:{deep}")).as_bytes());
    }
}
