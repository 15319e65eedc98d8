import FrameStream

/// Writes a part of a frame as a network's input: resampled, in the network's channels and scale, rows of interleaved
/// pixels.
///
/// Made for one geometry; memory is kept from picture to picture. To be used by one thread at a time.
package final class PictureSampler {
  /// The size of what is written, without the border.
  package let size: InputSize
  private let layout: PictureLayout
  private let encoding: PictureEncoding
  private let conversion: ColorConversion
  /// Luma, gray or RGB.
  private let first: PlaneResampler
  /// Cb and Cr, or both in one plane; none where the network or the picture has no color.
  private let chroma: [PlaneResampler]
  /// The upper eight bits of deeper planes.
  private let reduced: [Payload]
  /// A row of red, of green and of blue.
  private let rows: [UnsafeMutablePointer<Float>]

  /// - Parameters:
  ///   - region: the part of the picture, inside it and not empty.
  ///   - size: what it is resampled to.
  package init(
    _ layout: PictureLayout, _ colors: FrameColors, region: PixelRectangle, size: InputSize,
    encoding: PictureEncoding
  ) {
    self.layout = layout
    self.size = size
    self.encoding = encoding
    conversion = ColorConversion(layout, colors)
    rows = (0..<3).map { _ in .allocate(capacity: size.width) }
    func resampler(
      _ plane: Int, components: Int, columns: Int = 1, rows: Int = 1
    ) -> PlaneResampler {
      let bytes = components * (layout.format.bitDepth > 8 ? 2 : 1)
      let shift = colors.chromaShift(columns: columns, rows: rows)
      return PlaneResampler(
        columns: SideTaps(
          size.width, from: Double(region.x) / Double(columns) + shift.x,
          ratio: Double(region.width) / Double(size.width * columns),
          within: layout.planes[plane].width / bytes),
        rows: SideTaps(
          size.height, from: Double(region.y) / Double(rows) + shift.y,
          ratio: Double(region.height) / Double(size.height * rows), within: layout.planes[plane].height),
        components: components)
    }
    first = resampler(0, components: layout.format == .rgb24 ? 3 : 1)
    guard encoding.channels != .gray, layout.format.isYUV else {
      chroma = []
      reduced = layout.format.bitDepth > 8 ? [Payload()] : []
      return
    }
    let columns = layout.format == .yuv444p ? 1 : 2
    let rows = [.yuv444p, .yuv422p].contains(layout.format) ? 1 : 2
    chroma =
      layout.format == .nv12
      ? [resampler(1, components: 2, columns: columns, rows: rows)]
      : [1, 2].map { resampler($0, components: 1, columns: columns, rows: rows) }
    reduced = layout.format.bitDepth > 8 ? (0..<3).map { _ in Payload() } : []
  }

  deinit { for row in rows { row.deallocate() } }

  /// Writes the picture at `base`, and its border to the right and below.
  /// - Parameters:
  ///   - base: the packed picture's bytes.
  ///   - padded: the size of the network's input; not smaller than ``size``.
  ///   - output: room for the input's values.
  package func write(
    _ base: UnsafePointer<UInt8>, padded: InputSize, into output: UnsafeMutablePointer<Float>
  ) {
    let channels = encoding.channels.count
    let border = encoding.border * encoding.scale + encoding.offset
    let planes = planes(at: base)
    let row = padded.width * channels
    for y in 0..<size.height {
      let target = output + y * row
      first.compute(row: y, of: planes.first)
      for (resampler, index) in zip(chroma, 1...) {
        resampler.compute(row: y, of: index == 1 ? planes.second : planes.third)
      }
      if layout.format == .rgb24 {
        writeRGB(to: target)
      } else if chroma.isEmpty {
        writeGray(to: target)
      } else {
        writeYUV(to: target)
      }
      for x in (size.width * channels)..<row { target[x] = border }
    }
    for index in (size.height * row)..<(padded.height * row) { output[index] = border }
  }

  /// The planes as bytes; those after the first are the first where they are not needed.
  private func planes(at base: UnsafePointer<UInt8>) -> (
    first: PlaneView, second: PlaneView, third: PlaneView
  ) {
    func plane(_ index: Int) -> PlaneView {
      let plane = layout.plane(index, at: base)
      guard reduced.indices.contains(index) else { return plane }
      let width = plane.width / 2
      reduced[index].resize(to: width * plane.height)
      plane.reduceToEightBits(into: reduced[index].base)
      return PlaneView(UnsafePointer(reduced[index].base), width: width, height: plane.height, stride: width)
    }
    let first = plane(0)
    if chroma.isEmpty { return (first, first, first) }
    let second = plane(1)
    return (first, second, chroma.count == 2 ? plane(2) : second)
  }

  private func writeGray(to target: UnsafeMutablePointer<Float>) {
    let luma = first.component(0)
    let (lumaOffset, lumaScale) = (conversion.lumaOffset, conversion.lumaScale)
    let value = rows[0]
    for x in 0..<size.width {
      value[x] = Self.clamped((luma[x] - lumaOffset) * lumaScale) * encoding.scale + encoding.offset
    }
    if encoding.channels == .gray {
      target.update(from: value, count: size.width)
    } else {
      interleave(value, value, value, to: target)
    }
  }

  private func writeRGB(to target: UnsafeMutablePointer<Float>) {
    let (scale, offset) = (encoding.scale, encoding.offset)
    if encoding.channels == .gray {
      let (red, green, blue) = (first.component(0), first.component(1), first.component(2))
      for x in 0..<size.width {
        target[x] = (0.299 * red[x] + 0.587 * green[x] + 0.114 * blue[x]) * scale + offset
      }
      return
    }
    for component in 0..<3 {
      let (source, row) = (first.component(component), rows[component])
      for x in 0..<size.width { row[x] = source[x] * scale + offset }
    }
    interleave(to: target)
  }

  private func writeYUV(to target: UnsafeMutablePointer<Float>) {
    let luma = first.component(0)
    let cb = chroma[0].component(0)
    let cr = chroma.count == 2 ? chroma[1].component(0) : chroma[0].component(1)
    // One row at a time: with more pointers in a loop the compiler would not use vectors.
    func write(_ row: UnsafeMutablePointer<Float>, cb cbWeight: Float, cr crWeight: Float) {
      let (lumaOffset, lumaScale) = (conversion.lumaOffset, conversion.lumaScale)
      let (scale, offset) = (encoding.scale, encoding.offset)
      for x in 0..<size.width {
        let value =
          (luma[x] - lumaOffset) * lumaScale + cbWeight * (cb[x] - 128) + crWeight * (cr[x] - 128)
        row[x] = Self.clamped(value) * scale + offset
      }
    }
    write(rows[0], cb: 0, cr: conversion.redFromCr)
    write(rows[1], cb: conversion.greenFromCb, cr: conversion.greenFromCr)
    write(rows[2], cb: conversion.blueFromCb, cr: 0)
    interleave(to: target)
  }

  /// Writes the rows of red, green and blue as pixels in the network's order.
  private func interleave(to target: UnsafeMutablePointer<Float>) {
    if encoding.channels == .bgr {
      interleave(rows[2], rows[1], rows[0], to: target)
    } else {
      interleave(rows[0], rows[1], rows[2], to: target)
    }
  }

  private func interleave(
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ third: UnsafePointer<Float>,
    to target: UnsafeMutablePointer<Float>
  ) {
    for x in 0..<size.width {
      target[3 &* x] = first[x]
      target[3 &* x &+ 1] = second[x]
      target[3 &* x &+ 2] = third[x]
    }
  }

  /// A pixel brought to 0...255.
  private static func clamped(_ value: Float) -> Float { min(max(value, 0), 255) }
}
