//! Rules documents: defaults, overrides and error messages.

use rust_decimal::Decimal;

use super::*;

/// Returns the pointer and message of each error.
fn refused(document: &str) -> Vec<(String, String)> {
    let errors = RulesDocument::parse(document).expect_err(document);
    errors.into_iter().map(|error| (error.pointer, error.message)).collect()
}

#[test]
fn absent_fields_have_their_defaults() {
    assert_eq!(RulesDocument::parse("{}"), Ok(RulesDocument::default()));
    let document = RulesDocument::parse(
        r#"{"rating": {"4": "1.25"}, "diminishing": {"after": 3}, "types": {"Docs": 0.5}}"#,
    );
    let document = document.expect("a document");
    assert_eq!(document.rating.four.0, Decimal::new(125, 2));
    assert_eq!(document.rating.five, RulesDocument::default().rating.five);
    assert_eq!((document.diminishing.after, document.diminishing.floor.0), (3, Decimal::new(2, 1)));
    assert_eq!(document.types.len(), 6);
    assert_eq!(document.types["docs"].0, Decimal::new(5, 1));
    assert_eq!(document.merged, 50);
}

#[test]
fn a_serialized_document_is_parsed_back() {
    let document =
        RulesDocument::parse(r#"{"tests": 1.15, "types": {"level 1": 0.3}}"#).expect("a document");
    let text = serde_json::to_string(&document).expect("JSON");
    assert_eq!(RulesDocument::parse(&text), Ok(document));
}

#[test]
fn the_schema_states_the_actual_defaults() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).expect("JSON");
    assert_eq!(
        RulesDocument::parse(&defaults_of(&schema).to_string()),
        Ok(RulesDocument::newest())
    );
    let ours = serde_json::to_value(RulesDocument::default()).expect("JSON");
    let stated = defaults_of(&schema);
    let names = |value: &serde_json::Value| {
        let object = value.as_object().expect("an object");
        object.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(&ours), names(&stated));
}

fn defaults_of(schema: &serde_json::Value) -> serde_json::Value {
    if let Some(stated) = schema.get("default") {
        return stated.clone();
    }
    let properties = schema["properties"].as_object().expect("properties or a default");
    properties.iter().map(|(name, schema)| (name.clone(), defaults_of(schema))).collect()
}

#[test]
fn decimals_are_parsed_exactly() {
    for text in ["0.1", "\"0.1\"", "1e-1", "0.10"] {
        let document = RulesDocument::parse(&format!(r#"{{"tests": {text}}}"#)).expect(text);
        assert_eq!(document.tests.0, Decimal::new(1, 1), "{text}");
    }
}

#[test]
fn an_error_names_the_field_and_the_valid_values() {
    let cases = [
        (
            r#"{"merged": "fifty"}"#,
            "/merged",
            "`merged` must be a whole number from 0 to 10000, not \"fifty\".",
        ),
        (
            r#"{"opened": -1}"#,
            "/opened",
            "`opened` must be a whole number from 0 to 10000, not -1.",
        ),
        (
            r#"{"tests": 11}"#,
            "/tests",
            "`tests` must be a number from 0 to 10 with at most two decimals, not 11.",
        ),
        (
            r#"{"docs": "1,1"}"#,
            "/docs",
            "`docs` must be a number from 0 to 10 with at most two decimals, not \"1,1\".",
        ),
        (r#"{"tests": 1.005}"#, "/tests", "`tests` must have at most two decimals, not 1.005."),
        (
            r#"{"diminishing": {"floor": 1.5}}"#,
            "/diminishing/floor",
            "`diminishing.floor` must be a number from 0 to 1 with at most two decimals, not 1.5.",
        ),
        (
            r#"{"diminishing": {"floor": "1.5"}}"#,
            "/diminishing/floor",
            "`diminishing.floor` must be a number from 0 to 1 with at most two decimals, not \"1.5\".",
        ),
        (
            r#"{"diminishing": {"floor": 0.9}}"#,
            "/diminishing/floor",
            "`diminishing.floor` must not be above `diminishing.factor`. Lower the floor.",
        ),
        (
            r#"{"size_bonus": [{"lines": 5}]}"#,
            "/size_bonus/0",
            "`size_bonus.0` is missing points. Add it.",
        ),
        (
            r#"{"exclude": {"bots": 1}}"#,
            "/exclude/bots",
            "`exclude.bots` must be true or false, not 1.",
        ),
        (
            r#"{"types": {"fix": 1.001}}"#,
            "/types/fix",
            "`types.fix` must have at most two decimals, not 1.001.",
        ),
        (
            r#"{"spam": {"labels": ["🚫"]}}"#,
            "/spam/labels/0",
            "`spam.labels.0` must contain a letter or a digit.",
        ),
        (
            r#"{"rating": {"6": 2}}"#,
            "/rating/6",
            "`rating.6` is not a known field. Use one of 1, 2, 3, 4, 5.",
        ),
        (
            r#"{"types": {"fix": 1, "Bug": 2}}"#,
            "/types/fix",
            "`types.fix` is the same type as `Bug`. Keep one of them.",
        ),
        (
            r#"{"types": {"": 1}}"#,
            "/types",
            "`types` must be an object with names of 1 to 50 characters, not {\"\":1}.",
        ),
        ("[]", "", "The rules document must be a JSON object, not []."),
    ];
    for (document, pointer, message) in cases {
        assert_eq!(refused(document), [(pointer.to_owned(), message.to_owned())], "{document}");
    }
}

#[test]
fn all_invalid_fields_are_reported_at_once() {
    let pointers: Vec<String> = refused(r#"{"merged": [], "mergd": 1, "spam": {"penalty": 1.5}}"#)
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    for pointer in ["/merged", "/mergd", "/spam/penalty"] {
        assert!(pointers.iter().any(|one| one == pointer), "{pointer} in {pointers:?}");
    }
}

#[test]
fn bands_must_ascend() {
    let bands = |text: &str| refused(&format!(r#"{{"size_bonus": {text}}}"#));
    let message = "`size_bonus.1` must require more lines than the band before it, and award at least as many points.";
    let expected = [("/size_bonus/1".to_owned(), message.to_owned())];
    assert_eq!(bands(r#"[{"lines": 100, "points": 20}, {"lines": 100, "points": 30}]"#), expected);
    assert_eq!(bands(r#"[{"lines": 100, "points": 20}, {"lines": 200, "points": 10}]"#), expected);
    assert!(RulesDocument::parse(r#"{"size_bonus": []}"#).is_ok());
}

#[test]
fn an_invalid_document_is_rejected_without_panic() {
    for text in [
        "",
        "{",
        "null",
        "{\"tests\": 1e999}",
        r#"{"merged": 5, "merged": 6}"#,
        r#"{"merged": 50.0}"#,
    ] {
        let errors = refused(text);
        assert_eq!(errors[0].0, "", "{text}: {errors:?}");
        assert!(errors[0].1.ends_with('.'), "{errors:?}");
    }
}
