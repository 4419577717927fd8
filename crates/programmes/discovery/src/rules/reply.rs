//! The reply of a language model. It may be anything: only fields of the schema are read, within bounds, and their texts are
//! cleaned, so that they can be quoted on a page and in a terminal.

use serde_json::{Map, Value};

use super::{
    prompt::INSTRUCTIONS,
    vectors::{DIMENSIONS, normalized},
};
use crate::model::{ModelAnalysis, Tokens};

/// The longest texts in characters: longer ones are not of the schema.
const LONGEST_SUMMARY: usize = 1_000;
const LONGEST_APPROACH: usize = 1_500;
const LONGEST_LINE: usize = 500;
const LONGEST_SKILL: usize = 40;

/// The most entries of a list.
const MOST_LINES: usize = 8;

/// The least and the most hours.
const HOURS: (f64, f64) = (0.25, 200.0);

/// The consecutive words of the instructions that no reply may contain.
const REPEATED: usize = 8;

/// The form of a completion, as far as it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Completion {
    /// The text that the model wrote, or why it did not.
    pub(crate) content: Result<String, WrongReply>,
    /// The tokens, if the service states them.
    pub(crate) tokens: Option<Tokens>,
}

/// The reason why a reply is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WrongReply {
    /// It is not JSON of the expected form.
    #[error("the answer is not JSON of the expected form")]
    Malformed,
    /// A field is not as the schema says.
    #[error("the field {0} of the answer is not as the schema says")]
    Field(&'static str),
    /// The model declined to answer.
    #[error("the model declined to answer")]
    Declined,
    /// The answer was cut off.
    #[error("the answer was longer than permitted")]
    CutOff,
    /// The reply repeats the instructions.
    #[error("the answer repeats the instructions instead of describing the issue")]
    Repeats,
}

/// Reads the body of a completion.
///
/// # Errors
/// When it is not JSON with a message.
pub(crate) fn completion(body: &str) -> Result<Completion, WrongReply> {
    let body: Value = serde_json::from_str(body).map_err(|_| WrongReply::Malformed)?;
    let choice = &body["choices"][0];
    let message = choice["message"].as_object().ok_or(WrongReply::Malformed)?;
    let is_cut = choice["finish_reason"] == "length";
    let content = match (message.get("refusal"), message.get("content")) {
        (Some(Value::String(_)), _) => Err(WrongReply::Declined),
        _ if choice["finish_reason"] == "content_filter" => Err(WrongReply::Declined),
        (_, Some(Value::String(_))) if is_cut => Err(WrongReply::CutOff),
        (_, Some(Value::String(text))) => Ok(text.clone()),
        _ => Err(WrongReply::Malformed),
    };
    Ok(Completion { content, tokens: tokens(&body["usage"]) })
}

/// Reads the vectors of `count` texts, in the order of the texts, each of length 1.
///
/// # Errors
/// When it is not a list of `count` vectors.
pub(crate) fn vectors(
    body: &str,
    count: usize,
) -> Result<(Vec<Vec<f32>>, Option<Tokens>), WrongReply> {
    let body: Value = serde_json::from_str(body).map_err(|_| WrongReply::Malformed)?;
    let data = body["data"].as_array().filter(|data| data.len() == count);
    let mut vectors = vec![None; count];
    for one in data.ok_or(WrongReply::Field("data"))? {
        let index = one["index"].as_u64().and_then(|index| usize::try_from(index).ok());
        let slot = index.and_then(|index| vectors.get_mut(index));
        let numbers = one["embedding"].as_array().filter(|list| list.len() == DIMENSIONS);
        let numbers = numbers.ok_or(WrongReply::Field("embedding"))?.iter();
        let numbers: Option<Vec<f32>> = numbers.map(|x| x.as_f64().map(|x| x as f32)).collect();
        *slot.ok_or(WrongReply::Field("index"))? = numbers.and_then(|numbers| normalized(&numbers));
    }
    let vectors: Option<Vec<Vec<f32>>> = vectors.into_iter().collect();
    Ok((vectors.ok_or(WrongReply::Field("embedding"))?, tokens(&body["usage"])))
}

/// Reads the counts of tokens; `None` unless both are stated. An embedding states no written ones.
pub(crate) fn tokens(usage: &Value) -> Option<Tokens> {
    let read = usage["prompt_tokens"].as_u64()?;
    let written = match usage.get("completion_tokens") {
        None => 0,
        Some(written) => written.as_u64()?,
    };
    Some(Tokens { read, written })
}

/// Reads what a model wrote about an issue.
///
/// # Errors
/// When it is not as the schema says, or repeats the instructions.
pub(crate) fn analysis(content: &str) -> Result<ModelAnalysis, WrongReply> {
    let content: Value = serde_json::from_str(content).map_err(|_| WrongReply::Malformed)?;
    let fields = content.as_object().ok_or(WrongReply::Malformed)?;
    let written = ModelAnalysis {
        summary: text(fields, "summary", LONGEST_SUMMARY)?,
        required_skills: texts(fields, "required_skills", LONGEST_SKILL)?,
        estimated_hours: hours(fields, "estimated_hours")?,
        hints: texts(fields, "hints", LONGEST_LINE)?,
        challenges: texts(fields, "challenges", LONGEST_LINE)?,
        suggested_approach: text(fields, "suggested_approach", LONGEST_APPROACH)?,
        confidence_explanation: text(fields, "confidence_explanation", LONGEST_LINE)?,
    };
    if written.summary.is_empty() {
        Err(WrongReply::Field("summary"))
    } else if repeats(&written) {
        Err(WrongReply::Repeats)
    } else {
        Ok(written)
    }
}

fn text(
    fields: &Map<String, Value>,
    name: &'static str,
    longest: usize,
) -> Result<String, WrongReply> {
    let text = fields.get(name).and_then(Value::as_str);
    line(text, longest).ok_or(WrongReply::Field(name))
}

/// Reads a list of texts. Empty ones, and those that are already there, are left out.
fn texts(
    fields: &Map<String, Value>,
    name: &'static str,
    longest: usize,
) -> Result<Vec<String>, WrongReply> {
    let wrong = || WrongReply::Field(name);
    let list = fields.get(name).and_then(Value::as_array);
    let list = list.filter(|list| list.len() <= MOST_LINES).ok_or_else(wrong)?;
    let mut read: Vec<String> = Vec::with_capacity(list.len());
    for entry in list {
        let entry = line(entry.as_str(), longest).ok_or_else(wrong)?;
        if !entry.is_empty() && !read.contains(&entry) {
            read.push(entry);
        }
    }
    Ok(read)
}

fn line(text: Option<&str>, longest: usize) -> Option<String> {
    let is_short = |text: &&str| text.chars().nth(longest).is_none();
    text.filter(is_short).map(clean)
}

fn hours(fields: &Map<String, Value>, name: &'static str) -> Result<f64, WrongReply> {
    let hours = fields.get(name).and_then(Value::as_f64);
    let hours = hours.filter(|hours| hours.is_finite() && *hours >= 0.0);
    let hours = hours.ok_or(WrongReply::Field(name))?;
    Ok((hours.clamp(HOURS.0, HOURS.1) * 4.0).round() / 4.0)
}

/// Returns a text as one line without sequences of terminals, control characters, characters without width, and those that
/// change the direction of the text.
pub(crate) fn clean(text: &str) -> String {
    let mut rest = text.chars().peekable();
    let (mut cleaned, mut is_apart) = (String::with_capacity(text.len()), false);
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' | '\u{9b}' => skip_sequence(c, &mut rest),
            c if c.is_whitespace() => is_apart = true,
            c if c.is_control() || is_invisible(c) => {}
            c => {
                if is_apart && !cleaned.is_empty() {
                    cleaned.push(' ');
                }
                is_apart = false;
                cleaned.push(c);
            }
        }
    }
    cleaned
}

/// Skips the rest of a sequence that a terminal would obey: `ESC [` with its parameters, `ESC ] … BEL`, or one character.
fn skip_sequence(start: char, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let kind = match start {
        '\u{9b}' => Some('['),
        _ => rest.next_if(|c| !c.is_whitespace()),
    };
    match kind {
        Some('[') => {
            while rest.next_if(|c| matches!(c, ' '..='?')).is_some() {}
            rest.next_if(|c| matches!(c, '@'..='~'));
        }
        Some(']' | 'P' | '^' | '_') => {
            while rest.next_if(|c| !matches!(c, '\u{7}' | '\u{1b}' | '\u{9c}' | '\n')).is_some() {}
        }
        _ => {}
    }
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Returns true if a text contains several consecutive words of the instructions.
fn repeats(written: &ModelAnalysis) -> bool {
    let instructions = words(INSTRUCTIONS);
    let lists = [&written.required_skills, &written.hints, &written.challenges];
    let lines = [&written.summary, &written.suggested_approach, &written.confidence_explanation];
    let texts = lines.into_iter().chain(lists.into_iter().flatten());
    let is_repeated = |text: &String| {
        let own = words(text);
        let mut parts = own.windows(REPEATED);
        parts.any(|part| instructions.windows(REPEATED).any(|known| known == part))
    };
    texts.into_iter().any(is_repeated)
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Returns how far an analysis can be trusted, 0 to 1, from how sure the issue itself is: in the upper half with an answer of the
/// model, and in the lower half without.
#[must_use]
pub(crate) fn confidence(own: f64, is_answered: bool) -> f64 {
    let own = own.clamp(0.0, 1.0);
    if is_answered { 0.5 + own / 2.0 } else { (own / 2.0).min(0.49) }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// Returns a reply that is as the schema says.
    pub(crate) fn usual() -> Value {
        json!({
            "summary": "Sort stations by their names.", "required_skills": ["Rust", "testing", "Rust"], "estimated_hours": 2.6,
            "hints": ["See stations.rs"], "challenges": [], "suggested_approach": "Sort, then test.",
            "confidence_explanation": "The issue is clear.",
        })
    }

    fn with(name: &str, value: Value) -> Result<ModelAnalysis, WrongReply> {
        let mut reply = usual();
        reply[name] = value;
        analysis(&reply.to_string())
    }

    #[test]
    fn a_reply_as_the_schema_says_is_read() {
        let read = analysis(&usual().to_string()).expect("read");
        assert_eq!(read.summary, "Sort stations by their names.");
        assert_eq!(read.required_skills, ["Rust", "testing"]);
        assert!((read.estimated_hours - 2.5).abs() < 1e-9);
        let more = with("overall", json!(10)).expect("read");
        assert_eq!(more, read, "other fields are not kept");
    }

    #[test]
    fn each_wrong_field_is_named() {
        for (name, value) in [
            ("summary", json!(7)),
            ("summary", json!("")),
            ("summary", json!("\u{202e}\u{200b}")),
            ("summary", json!("x".repeat(1_001))),
            ("required_skills", json!("Rust")),
            ("required_skills", json!([1])),
            ("required_skills", json!(["x".repeat(41)])),
            ("estimated_hours", json!("2")),
            ("estimated_hours", json!(-1)),
            ("hints", Value::Null),
            ("hints", json!(vec!["x"; 9])),
            ("challenges", json!([["x"]])),
            ("suggested_approach", json!({})),
            ("confidence_explanation", json!("x".repeat(501))),
        ] {
            assert_eq!(with(name, value.clone()), Err(WrongReply::Field(name)), "{value}");
        }
        for text in ["", "[]", "null", "```json\n{}\n```", "{\"summary\""] {
            assert_eq!(analysis(text), Err(WrongReply::Malformed), "{text}");
        }
        assert_eq!(analysis("{}"), Err(WrongReply::Field("summary")));
    }

    #[test]
    fn a_reply_with_the_instructions_is_refused() {
        let part = &INSTRUCTIONS[..120];
        assert_eq!(with("summary", json!(part)), Err(WrongReply::Repeats));
        assert_eq!(with("hints", json!([part.to_uppercase()])), Err(WrongReply::Repeats));
        assert!(with("summary", json!("one JSON object in the form")).is_ok());
    }

    #[test]
    fn texts_are_cleaned() {
        for (text, expected) in [
            ("a \u{1b}[31mred\u{1b}[0m word", "a red word"),
            ("\u{1b}]0;title\u{7}after", "after"),
            ("\u{9b}2Jx", "x"),
            ("a\u{202e}b\u{2066}c\u{200f}d", "abcd"),
            ("z\u{200b}e\u{200d}r\u{feff}o", "zero"),
            ("two\r\n\tlines  \u{0}here", "two lines here"),
            ("tag\u{e0041}s", "tags"),
            ("naïve 日本語 العربية", "naïve 日本語 العربية"),
            ("\u{1b}", ""),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn completions_say_what_went_wrong() {
        let of = |message: Value, reason: &str| {
            let body = json!({ "choices": [{ "message": message, "finish_reason": reason }], "usage": { "prompt_tokens": 5, "completion_tokens": 7 } });
            completion(&body.to_string()).expect("a completion")
        };
        let whole = of(json!({ "content": "{}" }), "stop");
        assert_eq!(whole.content, Ok("{}".to_owned()));
        assert_eq!(whole.tokens, Some(Tokens { read: 5, written: 7 }));
        assert_eq!(of(json!({ "content": "{" }), "length").content, Err(WrongReply::CutOff));
        let declined = json!({ "content": null, "refusal": "I cannot" });
        assert_eq!(of(declined, "stop").content, Err(WrongReply::Declined));
        assert_eq!(
            of(json!({ "content": "" }), "content_filter").content,
            Err(WrongReply::Declined)
        );
        assert_eq!(
            of(json!({ "tool_calls": [] }), "tool_calls").content,
            Err(WrongReply::Malformed)
        );
        for body in ["", "<html>", "{}", "{\"choices\": []}", "{\"error\": {}}"] {
            assert_eq!(completion(body), Err(WrongReply::Malformed), "{body}");
        }
        assert_eq!(tokens(&json!({ "prompt_tokens": -1 })), None);
    }

    #[test]
    fn vectors_are_in_the_order_of_their_texts() {
        let one = |index: usize, value: f32| json!({ "index": index, "embedding": vec![value; DIMENSIONS] });
        let of = |data: Value| {
            vectors(&json!({ "data": data, "usage": { "prompt_tokens": 4 } }).to_string(), 2)
        };
        let (read, tokens) = of(json!([one(1, -3.0), one(0, 2.0)])).expect("read");
        assert!(read[0][0] > 0.05 && read[1][0] < -0.05);
        assert_eq!(tokens, Some(Tokens { read: 4, written: 0 }));
        for (data, field) in [
            (json!([one(0, 1.0)]), "data"),
            (json!([one(0, 1.0), one(2, 1.0)]), "index"),
            (json!([one(0, 1.0), one(0, 1.0)]), "embedding"),
            (json!([one(0, 1.0), one(1, 0.0)]), "embedding"),
            (json!([one(0, 1.0), { "index": 1, "embedding": [1.0] }]), "embedding"),
            (json!([one(0, 1.0), { "index": 1, "embedding": vec!["x"; DIMENSIONS] }]), "embedding"),
            (Value::Null, "data"),
        ] {
            assert_eq!(of(data), Err(WrongReply::Field(field)), "{field}");
        }
        assert_eq!(vectors("<html>", 1), Err(WrongReply::Malformed));
    }

    #[test]
    fn without_an_answer_the_confidence_is_under_one_half() {
        for own in [-1.0, 0.0, 0.3, 0.99, 1.0, 2.0] {
            assert!(confidence(own, false) < 0.5, "{own}");
            assert!((0.5..=1.0).contains(&confidence(own, true)), "{own}");
        }
    }
}
