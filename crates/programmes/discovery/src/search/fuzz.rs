use super::Index;
use crate::model::Document;

#[test]
fn searched_texts() {
    bolero::check!().with_type::<String>().for_each(|text| {
        let index = Index::in_memory().expect("an index");
        let document = |key: &str, title: &str, body: &str| Document {
            key: key.to_owned(),
            title: title.to_owned(),
            body: body.to_owned(),
            ..Document::default()
        };
        let documents = [
            document("a", text, "checksum"),
            document("b", "checksum", text),
        ];
        index.add(documents).expect("added");
        let found = index.search(text, 5).expect("found");
        assert!(found.hits.len() <= 2);
        assert!(found.hits.is_sorted_by(|a, b| a.score >= b.score));
    });
}
