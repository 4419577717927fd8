use super::{
    judged::{JudgedDocument, JudgedQuery, json_line, judgments},
    words::{grams, numbers, words},
};

#[test]
fn words_of_texts() {
    bolero::check!().with_type::<String>().for_each(|text| {
        for word in words(text) {
            assert!(!word.text.is_empty());
            assert!(text.get(word.start..word.end).is_some());
        }
        assert!(grams(text).iter().all(|gram| gram.chars().count() == 4));
        assert!(numbers(text).len() <= 10);
    });
}

#[test]
fn judged_sets() {
    bolero::check!().with_type::<String>().for_each(|text| {
        for (index, line) in text.lines().enumerate() {
            if let Ok(query) = json_line::<JudgedQuery>(index, line) {
                assert!(!query.id.contains(char::is_whitespace));
            }
            let _ = json_line::<JudgedDocument>(index, line);
        }
        if let Ok(of) = judgments(text) {
            assert!(of.values().all(|grades| !grades.is_empty()));
        }
    });
}
