use super::Index;
use crate::model::{Document, Search};

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
        let documents = [document("a", text, "checksum"), document("b", "checksum", text)];
        let writer = index.writer().expect("a writer");
        writer.add(documents).expect("added");
        writer.finish().expect("finished");
        let search = Search { text: text.clone(), limit: 5, ..Search::default() };
        let found = index.search(&search).expect("found");
        assert!(found.hits.len() <= 2);
        assert!(found.hits.is_sorted_by(|a, b| a.place >= b.place));
    });
}
