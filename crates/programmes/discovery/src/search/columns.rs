//! The values that searches count and compare, in memory: to read them from the columns on disk for each search, and to look up
//! their names, would take most of its time.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use tantivy::{
    DocId, IndexReader, Searcher, SegmentReader,
    columnar::{Column, StrColumn},
};

use super::fields;
use crate::model::{Facet, Sort};

/// The number of facets.
pub(super) const FACETS: usize = Facet::ALL.len();

/// The documents as searches see them. A commit shows a new view; searches that have begun keep theirs.
pub(super) struct Shown {
    reader: IndexReader,
    /// The codes of the values of each facet, the same in all segments.
    codes: Mutex<[Codes; FACETS]>,
    view: RwLock<Arc<View>>,
}

/// The documents at a commit.
pub(super) struct View {
    pub(super) searcher: Searcher,
    /// The columns of each segment.
    pub(super) columns: Vec<Arc<Columns>>,
    /// The values of each facet, by their codes.
    names: [Vec<Arc<str>>; FACETS],
}

/// The codes of values, in the order in which they were first seen.
#[derive(Default)]
struct Codes {
    codes: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
}

impl Codes {
    fn of(&mut self, name: &str) -> u32 {
        if let Some(code) = self.codes.get(name) {
            return *code;
        }
        let (code, name) = (self.names.len() as u32, Arc::<str>::from(name));
        self.codes.insert(Arc::clone(&name), code);
        self.names.push(name);
        code
    }
}

impl Shown {
    pub(super) fn new(reader: IndexReader) -> tantivy::Result<Self> {
        let mut codes: [Codes; FACETS] = Default::default();
        let view = View::of(reader.searcher(), &BTreeMap::new(), &mut codes)?;
        Ok(Self {
            reader,
            codes: Mutex::new(codes),
            view: RwLock::new(Arc::new(view)),
        })
    }

    /// Returns the documents of the last commit that is shown.
    pub(super) fn view(&self) -> Arc<View> {
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
        let view = View::of(self.reader.searcher(), &known.collect(), &mut codes)?;
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        Ok(())
    }
}

impl View {
    fn of(
        searcher: Searcher,
        known: &BTreeMap<tantivy::index::SegmentId, &Arc<Columns>>,
        codes: &mut [Codes; FACETS],
    ) -> tantivy::Result<Self> {
        let columns = searcher.segment_readers().iter();
        let columns = columns.map(|segment| match known.get(&segment.segment_id()) {
            Some(columns) => Ok(Arc::clone(columns)),
            None => Columns::read(segment, codes).map(Arc::new),
        });
        Ok(Self {
            columns: columns.collect::<tantivy::Result<_>>()?,
            names: codes.each_ref().map(|own| own.names.clone()),
            searcher,
        })
    }

    /// Returns the number of codes of a facet.
    pub(super) fn size(&self, facet: Facet) -> usize {
        let named = facet.buckets().map(<[_]>::len);
        named.unwrap_or_else(|| self.names[facet as usize].len())
    }

    /// Returns the code of a value, if a document has it.
    pub(super) fn code(&self, facet: Facet, name: &str) -> Option<u32> {
        let place = match facet.buckets() {
            Some(buckets) => buckets.iter().position(|own| own.name == name),
            None => self.names[facet as usize]
                .iter()
                .position(|own| **own == *name),
        };
        place.map(|place| place as u32)
    }

    /// Returns the value with a code.
    pub(super) fn name(&self, facet: Facet, code: usize) -> Option<&str> {
        match facet.buckets() {
            Some(buckets) => buckets.get(code).map(|own| own.name),
            None => self.names[facet as usize].get(code).map(|own| &**own),
        }
    }
}

/// The columns of one segment.
pub(super) struct Columns {
    facets: [Values; FACETS],
    key: Option<StrColumn>,
    pub(super) tie: Column<u64>,
    /// The numbers that results are sorted by: worth, impact, attention and the time of the last activity.
    orders: [Column<u64>; 4],
}

/// The codes of the values of each document.
struct Values {
    /// The ends of the codes of each document.
    ends: Vec<u32>,
    codes: Vec<u32>,
}

impl Columns {
    fn read(segment: &SegmentReader, codes: &mut [Codes; FACETS]) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let mut facets = Vec::with_capacity(FACETS);
        for (facet, codes) in Facet::ALL.into_iter().zip(codes) {
            facets.push(Values::read(facet, segment, codes)?);
        }
        let mut facets = facets.into_iter();
        Ok(Self {
            facets: std::array::from_fn(|_| facets.next().unwrap_or_else(Values::none)),
            key: columns.str(fields::KEY)?,
            tie: columns.u64(fields::TIE)?,
            orders: [
                columns.u64(fields::OVERALL)?,
                columns.u64(fields::IMPACT)?,
                columns.u64(fields::TREND)?,
                columns.u64(fields::ACTIVE_AT)?,
            ],
        })
    }

    /// Returns the codes of a document.
    pub(super) fn codes(&self, facet: Facet, document: DocId) -> &[u32] {
        self.facets[facet as usize].of(document)
    }

    /// Returns the number that an order is by; `None` for the relevance.
    pub(super) fn order(&self, sort: Sort) -> Option<&Column<u64>> {
        let [overall, impact, trend, active_at] = &self.orders;
        match sort {
            Sort::Best => None,
            Sort::Worth => Some(overall),
            Sort::Impact => Some(impact),
            Sort::Trending => Some(trend),
            Sort::Recent => Some(active_at),
        }
    }

    /// Returns the key of a document.
    pub(super) fn key(&self, document: DocId) -> Option<String> {
        let mut key = String::new();
        let column = self.key.as_ref()?;
        let ord = column.term_ords(document).next()?;
        column.ord_to_str(ord, &mut key).ok()?.then_some(key)
    }
}

impl Values {
    fn none() -> Self {
        Self {
            ends: Vec::new(),
            codes: Vec::new(),
        }
    }

    fn read(facet: Facet, segment: &SegmentReader, known: &mut Codes) -> tantivy::Result<Self> {
        let (columns, documents) = (segment.fast_fields(), 0..segment.max_doc());
        let mut own = Self::none();
        own.ends.reserve_exact(documents.len());
        if facet.buckets().is_some() {
            let numbers = columns.u64(facet.name())?;
            for document in documents {
                let number = numbers.first(document);
                let code = number.and_then(|number| facet.bucket(number));
                own.codes.extend(code.map(|code| code as u32));
                own.ends.push(own.codes.len() as u32);
            }
            return Ok(own);
        }
        let Some(words) = columns.str(facet.name())? else {
            return Ok(own);
        };
        let mut names = Vec::with_capacity(words.num_terms());
        let mut terms = words.dictionary().stream()?;
        while terms.advance() {
            names.push(known.of(&String::from_utf8_lossy(terms.key())));
        }
        for document in documents {
            let codes = words.term_ords(document);
            own.codes
                .extend(codes.filter_map(|ord| names.get(ord as usize)));
            own.ends.push(own.codes.len() as u32);
        }
        Ok(own)
    }

    fn of(&self, document: DocId) -> &[u32] {
        let place = document as usize;
        let Some(end) = self.ends.get(place) else {
            return &[];
        };
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.codes
            .get(start as usize..*end as usize)
            .unwrap_or_default()
    }
}
