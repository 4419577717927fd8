//! The documents as searches see them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use tantivy::{DocAddress, IndexReader, Searcher, SegmentReader, index::SegmentId};

use super::columns::{Codes, Columns};
use crate::model::Facet;

/// The documents as searches see them. A commit shows a new view; searches that have begun keep theirs.
pub(super) struct ShownDocuments {
    reader: IndexReader,
    codes: Mutex<Codes>,
    view: RwLock<Arc<CommittedView>>,
}

/// The documents at a commit.
pub(super) struct CommittedView {
    pub(super) searcher: Searcher,
    /// The columns of each segment.
    columns: Vec<Arc<Columns>>,
    /// The values of facets, by their codes.
    values: Vec<(Facet, Arc<str>)>,
}

impl ShownDocuments {
    pub(super) fn new(reader: IndexReader) -> tantivy::Result<Self> {
        let mut codes = Codes::new();
        let view = CommittedView::of(reader.searcher(), &BTreeMap::new(), &mut codes)?;
        Ok(Self { reader, codes: Mutex::new(codes), view: RwLock::new(Arc::new(view)) })
    }

    /// Returns the documents of the last commit that is shown.
    pub(super) fn view(&self) -> Arc<CommittedView> {
        let view = self.view.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&view)
    }

    /// Shows the last commit. Segments that are shown already are not read again.
    pub(super) fn reload(&self) -> tantivy::Result<()> {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        self.reader.reload()?;
        let before = self.view();
        let segments = before.searcher.segment_readers().iter();
        let known = segments.map(SegmentReader::segment_id).zip(&before.columns);
        let view = CommittedView::of(self.reader.searcher(), &known.collect(), &mut codes)?;
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        Ok(())
    }
}

impl CommittedView {
    fn of(
        searcher: Searcher,
        known: &BTreeMap<SegmentId, &Arc<Columns>>,
        codes: &mut Codes,
    ) -> tantivy::Result<Self> {
        let columns = searcher.segment_readers().iter();
        let columns = columns.map(|segment| match known.get(&segment.segment_id()) {
            Some(columns) => Ok(Arc::clone(columns)),
            None => Columns::read(segment, codes).map(Arc::new),
        });
        Ok(Self {
            columns: columns.collect::<tantivy::Result<_>>()?,
            values: codes.values().to_vec(),
            searcher,
        })
    }

    pub(super) fn columns(&self, segment: u32) -> tantivy::Result<Arc<Columns>> {
        let columns = self.columns.get(segment as usize).cloned();
        let missing = || "a segment without columns".to_owned();
        columns.ok_or_else(|| tantivy::TantivyError::InternalError(missing()))
    }

    /// Returns the values of facets, by their codes.
    pub(super) fn values(&self) -> &[(Facet, Arc<str>)] {
        &self.values
    }

    pub(super) fn key(&self, document: DocAddress) -> Option<String> {
        let columns = self.columns.get(document.segment_ord as usize)?;
        columns.key(document.doc_id)
    }
}
