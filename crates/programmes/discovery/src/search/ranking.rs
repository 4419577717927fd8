//! Words and sequences of characters that rank documents, but do not find them. They are looked up only in documents that can
//! be among the best, so that frequent ones cost little.

use tantivy::{
    DocId, DocSet, Score, Searcher, SegmentReader, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings, SegmentPostings},
    query::Bm25Weight,
    schema::IndexRecordOption,
};

/// Terms that add to the scores of documents.
#[derive(Default)]
pub(super) struct Ranking {
    terms: Vec<(Term, Bm25Weight)>,
}

impl Ranking {
    /// Creates it from terms with their weights.
    pub(super) fn of(terms: Vec<(Term, f32)>, searcher: &Searcher) -> tantivy::Result<Self> {
        let mut own = Self::default();
        for (term, weight) in terms {
            let score = Bm25Weight::for_terms(searcher, std::slice::from_ref(&term))?;
            own.terms.push((term, score.boost_by(weight)));
        }
        // The first ones decide most.
        own.terms.sort_by(|(_, a), (_, b)| b.max_score().total_cmp(&a.max_score()));
        Ok(own)
    }

    /// Returns what looks terms up in a segment.
    pub(super) fn in_segment(&self, segment: &SegmentReader) -> tantivy::Result<OfSegment> {
        let mut terms = Vec::with_capacity(self.terms.len());
        let mut rest = 0.0;
        for (term, weight) in self.terms.iter().rev() {
            let index = segment.inverted_index(term.field())?;
            let Some(postings) = index.read_postings(term, IndexRecordOption::WithFreqs)? else {
                continue;
            };
            rest += weight.max_score();
            terms.push(RankedTerm {
                postings,
                weight: weight.clone(),
                norms: segment.get_fieldnorms_reader(term.field())?,
                rest,
            });
        }
        terms.reverse();
        Ok(OfSegment { terms })
    }
}

/// The terms in one segment.
pub(super) struct OfSegment {
    terms: Vec<RankedTerm>,
}

struct RankedTerm {
    postings: SegmentPostings,
    weight: Bm25Weight,
    norms: FieldNormReader,
    /// The most that this term and those after it add.
    rest: Score,
}

impl OfSegment {
    /// Returns the most that the terms add to a score.
    pub(super) fn most(&self) -> Score {
        self.terms.first().map_or(0.0, |first| first.rest)
    }

    /// Adds what the terms add to the score of a document; `None` if the sum is less than `least`. Documents must come in
    /// their order.
    pub(super) fn add(&mut self, document: DocId, score: Score, least: Score) -> Option<Score> {
        let mut sum = score;
        for term in &mut self.terms {
            if sum + term.rest < least {
                return None;
            }
            sum += term.score(document);
        }
        (sum >= least).then_some(sum)
    }
}

impl RankedTerm {
    fn score(&mut self, document: DocId) -> Score {
        let mut at = self.postings.doc();
        if at < document {
            at = self.postings.seek(document);
        }
        if at != document {
            return 0.0;
        }
        let norm = self.norms.fieldnorm_id(document);
        self.weight.score(norm, self.postings.term_freq())
    }
}
