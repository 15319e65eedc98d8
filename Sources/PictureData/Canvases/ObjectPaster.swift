import Glibc

/// Pastes objects and decoys on canvases, through the same steps.
final class ObjectPaster {
  private let settings: CanvasSettings
  private let maker: PatchMaker
  private let light: PatchLight
  private let mask = SoftMask()
  /// The patch with its border on all sides.
  private let bordered = FloatPlane(width: 1, height: 1)

  init(_ synthesis: CanvasSynthesis, _ windows: WindowReader) {
    settings = synthesis.settings
    maker = PatchMaker(synthesis, windows)
    light = PatchLight(synthesis.settings.light)
  }

  /// Pastes one item.
  func paste(
    _ item: CanvasItem, on canvas: FloatPlane, _ feedback: CanvasFeedback, _ random: inout CounterRandom
  ) {
    maker.make(item, feedback, &random)
    let placement = Placement(item, settings.pose, &random)
    let surroundings = canvas.statistics(
      Self.range(item.x, item.width / 2, canvas.width), Self.range(item.y, item.height / 2, canvas.height))
    light.apply(to: maker.patch, surroundings: surroundings.mean, &random)
    mask.draw(settings.mask, size: item.size, &random)
    let cut = Cut(item, settings.surroundings, &random)
    let border = addBorder(to: maker.patch)
    blend(item, placement, cut, border, on: canvas)
  }

  /// The map from places of the canvas to half sides of the object.
  private struct Placement {
    /// Half sides per pixel across and down.
    let uAcross: Float
    let uDown: Float
    let vAcross: Float
    let vDown: Float
    /// Pixels of the canvas per half side.
    let forward: (xu: Float, xv: Float, yu: Float, yv: Float)
    let turn: Float

    init(_ item: CanvasItem, _ pose: CanvasSettings.Pose, _ random: inout CounterRandom) {
      let across = random.uniform(pose.across) * item.width / 2
      let down = random.uniform(pose.down) * item.height / 2
      let shear = random.normal() * pose.shear * item.height / 2
      let isTurned = random.chance(pose.turned)
      let reach = random.uniform(-pose.turnReach...pose.turnReach)
      turn = isTurned ? reach : 0
      let (cosine, sine) = (cos(item.angle), sin(item.angle))
      forward = (
        xu: cosine * across, xv: cosine * shear - sine * down, yu: sine * across,
        yv: sine * shear + cosine * down
      )
      let determinant = across * down
      uAcross = forward.yv / determinant
      uDown = -forward.xv / determinant
      vAcross = -forward.yu / determinant
      vDown = forward.xu / determinant
    }
  }

  /// A straight edge that something in front of the object has.
  private struct Cut {
    var across: Float = 0
    var down: Float = 0
    var distance: Float = .infinity

    init(_ item: CanvasItem, _ settings: CanvasSettings.Surroundings, _ random: inout CounterRandom) {
      let isCut = random.chance(settings.occluded)
      let angle = random.uniform(0...(2 * .pi))
      let share = random.uniform(settings.edge)
      guard isCut else { return }
      (across, down, distance) = (cos(angle), sin(angle), share * item.size)
    }
  }

  /// Copies the patch into ``bordered``, its border extended as the mask wants it.
  /// - Returns: The border's pixels on each side.
  private func addBorder(to patch: FloatPlane) -> (across: Int, down: Int) {
    let (width, height) = (patch.width, patch.height)
    let border = mask.isExtended ? (width / 2 + 2, height / 2 + 2) : (2, 2)
    bordered.resize(width: width + 2 * border.0, height: height + 2 * border.1)
    let reflects = mask.isReflected
    func inside(_ place: Int, _ side: Int) -> Int {
      if place >= 0, place < side { return place }
      let mirrored = place < 0 ? -place : 2 * side - 2 - place
      return min(max(reflects ? mirrored : place, 0), side - 1)
    }
    for y in 0..<bordered.height {
      let from = patch.row(inside(y - border.1, height))
      let to = bordered.row(y)
      (to + border.0).update(from: from, count: width)
      for x in 0..<border.0 {
        to[x] = from[inside(x - border.0, width)]
        to[border.0 + width + x] = from[inside(width + x, width)]
      }
    }
    return border
  }

  private func blend(
    _ item: CanvasItem, _ placement: Placement, _ cut: Cut, _ border: (across: Int, down: Int),
    on canvas: FloatPlane
  ) {
    let extent = mask.extent
    let forward = placement.forward
    let reachX = abs(forward.xu) * extent.across + abs(forward.xv) * extent.down
    let reachY = abs(forward.yu) * extent.across + abs(forward.yv) * extent.down
    let columns = Self.range(item.x, reachX, canvas.width)
    let scaleX = Float(maker.patch.width) / 2
    let scaleY = Float(maker.patch.height) / 2
    let startX = scaleX - 0.5 + Float(border.across)
    let startY = scaleY - 0.5 + Float(border.down)
    let (lastX, lastY) = (Float(bordered.width) - 1.001, Float(bordered.height) - 1.001)
    let (source, stride) = (bordered.base, bordered.width)
    let turn = placement.turn
    for y in Self.range(item.y, reachY, canvas.height) {
      let row = canvas.row(y)
      let down = Float(y) + 0.5 - item.y
      for x in columns {
        let across = Float(x) + 0.5 - item.x
        var u = placement.uAcross * across + placement.uDown * down
        let v = placement.vAcross * across + placement.vDown * down
        var cover = mask.cover(u, v)
        guard cover > 0 else { continue }
        cover *= min(max((cut.distance - across * cut.across - down * cut.down) / 1.5 + 0.5, 0), 1)
        if abs(u) < 1 { u += turn * (u * u - 1) }
        let placeX = min(max(u * scaleX + startX, 0), lastX)
        let placeY = min(max(v * scaleY + startY, 0), lastY)
        let (left, top) = (Int(placeX), Int(placeY))
        let (partX, partY) = (placeX - Float(left), placeY - Float(top))
        let upper = source + (top &* stride &+ left)
        let lower = upper + stride
        let above = upper[0] + (upper[1] - upper[0]) * partX
        let below = lower[0] + (lower[1] - lower[0]) * partX
        row[x] += (above + (below - above) * partY - row[x]) * cover
      }
    }
  }

  /// The pixels of a side that are within `reach` of a place.
  private static func range(_ middle: Float, _ reach: Float, _ side: Int) -> Range<Int> {
    let first = min(max(Int((middle - reach).rounded(.down)), 0), side)
    return first..<max(first, min(Int((middle + reach).rounded(.up)), side))
  }
}
