//! What a reader has to know of a drawing, in sentences that end its description.

use super::covering::Covering;
use super::layout::Page;
use super::resolve::Content;
use super::style::Style;
use super::verdict::Verdict;
use neurodyn_figure::Figure;

const RESIDUALS: &str = "z is the difference of a mean from theory over its standard error.";
const LAYERS: &str = "Layers are of the same networks, so their z are not independent.";
const MOVED: &str = "Marks at one abscissa are set side by side.";
const RINGS: &str = "Of marks at one place, the lower ones are rings around the others.";
const LEFT_OUT: &str = "Where marks would hide each other, not every point has one.";

/// The sentences that hold of a figure.
pub(super) fn remarks(figure: &Figure, contents: &[Content], page: &Page, style: &Style) -> Vec<String> {
    let judged = contents.iter().any(|content| Verdict::of(content).is_some_and(|verdict| verdict.is_random()));
    let several = |content: &Content| content.deviations.iter().any(|found| found.layers && !found.points.is_empty());
    let mut counted = Covering::default();
    for ((panel, placed), content) in figure.panels.iter().zip(&page.panels).zip(contents) {
        counted.count(&placed.marks(panel, content, style), &content.marks);
    }
    let all = [
        (judged, RESIDUALS),
        (judged && contents.iter().any(several), LAYERS),
        (counted.moved > 0, MOVED),
        (counted.rings > 0, RINGS),
        (counted.left_out > 0, LEFT_OUT),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, sentence)| sentence.to_owned()).collect()
}
