//! Where lines that change their colour pass over each other: the later one has a light ground there, and nowhere else.

use super::nest::distance;
use plotters::style::RGBColor;
use plotters_backend::BackendCoord;

/// Lines that meet at angles of a smaller sine run beside each other.
const SHARP: f64 = 0.35;
/// Within this length (12 points) a line that meets itself is rough, and does not pass over itself.
const ROUGH: f64 = 1200.0;

/// A straight piece of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    from: BackendCoord,
    to: BackendCoord,
    colour: RGBColor,
    /// How far along its line it begins.
    along: f64,
    /// Which line it belongs to.
    line: usize,
}

impl Segment {
    fn length(&self) -> f64 {
        let (dx, dy) = (f64::from(self.to.0 - self.from.0), f64::from(self.to.1 - self.from.1));
        (dx * dx + dy * dy).sqrt()
    }

    fn at(&self, along: f64) -> BackendCoord {
        let share = ((along - self.along) / self.length().max(1.0)).clamp(0.0, 1.0);
        let mix = |a: i32, b: i32| (f64::from(a) + share * f64::from(b - a)).round() as i32;
        (mix(self.from.0, self.to.0), mix(self.from.1, self.to.1))
    }

    /// How far along its line this crosses another segment, not at a sharp angle.
    fn crossing(&self, other: &Self) -> Option<f64> {
        let vector = |a: BackendCoord, b: BackendCoord| (f64::from(b.0 - a.0), f64::from(b.1 - a.1));
        let cross = |a: (f64, f64), b: (f64, f64)| a.0 * b.1 - a.1 * b.0;
        let (own, theirs, apart) =
            (vector(self.from, self.to), vector(other.from, other.to), vector(self.from, other.from));
        let area = cross(own, theirs);
        if area.abs() <= SHARP * self.length() * other.length() {
            return None;
        }
        let (s, t) = (cross(apart, theirs) / area, cross(apart, own) / area);
        let inside = |share: f64| (0.0..=1.0).contains(&share);
        (inside(s) && inside(t)).then(|| self.along + s * self.length())
    }
}

/// The segments of pieces that follow each other; a piece that begins elsewhere begins a line.
pub(super) fn segments(pieces: &[(&[BackendCoord], RGBColor)]) -> Vec<Segment> {
    let mut found: Vec<Segment> = Vec::new();
    for (piece, colour) in pieces {
        for pair in piece.windows(2) {
            let (line, along) = match found.last() {
                Some(last) if last.to == pair[0] => (last.line, last.along + last.length()),
                Some(last) => (last.line + 1, 0.0),
                None => (0, 0.0),
            };
            found.push(Segment { from: pair[0], to: pair[1], colour: *colour, along, line });
        }
    }
    found
}

/// The pieces of lines that pass over earlier ones, so long on either side of the crossing: places with the colour from there on. Where
/// crossings are nearer to each other the ground of one would erase strokes of the next, so they have none.
pub(super) fn bridges(segments: &[Segment], reach: f64) -> Vec<Vec<(BackendCoord, RGBColor)>> {
    let mut crossings: Vec<(usize, f64, BackendCoord)> = Vec::new();
    for (index, over) in segments.iter().enumerate() {
        for under in &segments[..index] {
            let own = over.line == under.line;
            if own && over.along - under.along - under.length() < ROUGH {
                continue;
            }
            let Some(at) = over.crossing(under) else { continue };
            let (line, place) = (over.line, over.at(at));
            // where two pieces of a line join, one crossing is found twice
            if !crossings
                .iter()
                .any(|other| other.0 == line && (other.1 - at).abs() < 3.0 && distance(other.2, place) < 3)
            {
                crossings.push((line, at, place));
            }
        }
    }
    let near = |a: BackendCoord, b: BackendCoord| f64::from(distance(a, b)) < 2.0 * reach;
    let alone = |index: usize| {
        let mut others = crossings.iter().enumerate().filter(|(other, _)| *other != index);
        !others.any(|(_, other)| near(other.2, crossings[index].2))
    };
    let spans: Vec<(usize, f64, f64)> = (0..crossings.len())
        .filter(|&index| alone(index))
        .map(|index| (crossings[index].0, crossings[index].1 - reach, crossings[index].1 + reach))
        .collect();
    let piece = |(line, from, to): &(usize, f64, f64)| {
        let within = |s: &&Segment| s.line == *line && s.along + s.length() > *from && s.along < *to;
        let mut places: Vec<(BackendCoord, RGBColor)> = Vec::new();
        for segment in segments.iter().filter(within) {
            if places.is_empty() {
                places.push((segment.at(*from), segment.colour));
            }
            if let Some(last) = places.last_mut() {
                last.1 = segment.colour;
            }
            places.push((segment.at(*to), segment.colour));
        }
        places
    };
    spans.iter().map(piece).filter(|places| places.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: RGBColor = RGBColor(200, 0, 0);
    const BLUE: RGBColor = RGBColor(0, 0, 200);

    #[test]
    fn only_what_passes_over_something_has_a_ground() {
        // a loop that crosses itself once, in the last piece
        let (first, second) = ([(0, 0), (4000, 0), (4000, 3000)], [(4000, 3000), (2000, 3000), (2000, -3000)]);
        let all = segments(&[(&first, RED), (&second, BLUE)]);
        assert_eq!((all.len(), all[3].line), (4, 0));
        assert_eq!(bridges(&all, 220.0), [vec![((2000, 220), BLUE), ((2000, -220), BLUE)]]);
        // a line that turns has none
        assert!(bridges(&segments(&[(&first, RED), (&second[..2], BLUE)]), 220.0).is_empty());
        // nor does a bend between two colours
        let bend = segments(&[(&[(0, 0), (100, 0)], RED), (&[(100, 0), (100, 100), (50, -50)], BLUE)]);
        assert!(bridges(&bend, 220.0).is_empty());
        // another line
        let two = segments(&[(&first[..2], RED), (&[(1000, 1000), (1000, -1000)], BLUE)]);
        assert_eq!(bridges(&two, 220.0), [vec![((1000, 220), BLUE), ((1000, -220), BLUE)]]);
        // crossings within each other's reach have none
        let over = |x: i32| [(1000, 1000), (1000, -1000), (x, -1000), (x, 1000)];
        let crossed = |x: i32| bridges(&segments(&[(&first[..2], RED), (&over(x), BLUE)]), 220.0).len();
        assert_eq!((crossed(1300), crossed(1500)), (0, 2));
    }
}
