import CascadePictures
import Foundation
import SeededNoise

extension Picture {
  /// A picture made by code: noise, smooth blobs, edges, or what might pass for a face, which gets far in cascades.
  init(width: Int, height: Int, using noise: inout Noise) {
    self.init(width: width, height: height, bytes: Array(repeating: 0, count: width * height))
    switch Int.random(in: 0..<4, using: &noise) {
    case 0:
      for index in bytes.indices { bytes[index] = UInt8.random(in: 0...255, using: &noise) }
    case 1:
      addWaves(&noise)
    case 2:
      addWaves(&noise)
      addRectangles(&noise)
    default:
      addWaves(&noise)
      for _ in 0..<Int.random(in: 1...4, using: &noise) { addFace(&noise) }
      addNoise(Int.random(in: 1...12, using: &noise), &noise)
    }
  }

  private mutating func addWaves(_ noise: inout Noise) {
    let waves = (0..<4).map { _ in
      (0..<4).map { _ in Double.random(in: -1...1, using: &noise) }
    }
    for y in 0..<height {
      for x in 0..<width {
        var value = 128.0
        for wave in waves {
          value += 30 * sin(wave[0] * Double(x) / 7 + wave[1] * Double(y) / 7 + 6 * wave[2]) * wave[3]
        }
        bytes[y * width + x] = UInt8(max(0, min(255, value)))
      }
    }
  }

  private mutating func addRectangles(_ noise: inout Noise) {
    for _ in 0..<12 {
      fill(
        x: Int.random(in: 0..<width, using: &noise), y: Int.random(in: 0..<height, using: &noise),
        width: Int.random(in: 1...width, using: &noise) / 2,
        height: Int.random(in: 1...height, using: &noise) / 2,
        UInt8.random(in: 0...255, using: &noise))
    }
  }

  /// A bright ellipse with dark eyes, brows and mouth and a lighter nose.
  private mutating func addFace(_ noise: inout Noise) {
    let side = Double(Int.random(in: min(width, height) / 4...min(width, height), using: &noise))
    let left = Double.random(in: -4...max(0, Double(width) - side), using: &noise)
    let top = Double.random(in: -4...max(0, Double(height) - side), using: &noise)
    let skin = Double.random(in: 120...230, using: &noise)
    for y in 0..<height {
      for x in 0..<width {
        let (u, v) = ((Double(x) - left) / side, (Double(y) - top) / side)
        let (du, dv) = ((u - 0.5) / 0.42, (v - 0.5) / 0.52)
        guard du * du + dv * dv < 1 else { continue }
        var value = skin * (1 - 0.3 * du * du)
        for eye in [0.3, 0.7] {
          let (eu, ev) = ((u - eye) / 0.12, (v - 0.38) / 0.06)
          value -= 0.6 * skin * exp(-eu * eu - ev * ev)
          let bv = (v - 0.27) / 0.03
          value -= 0.4 * skin * exp(-eu * eu - bv * bv)
        }
        let (nu, nv) = ((u - 0.5) / 0.06, (v - 0.52) / 0.15)
        value += 0.2 * skin * exp(-nu * nu - nv * nv)
        let (mu, mv) = ((u - 0.5) / 0.18, (v - 0.75) / 0.05)
        value -= 0.5 * skin * exp(-mu * mu - mv * mv)
        bytes[y * width + x] = UInt8(max(0, min(255, value)))
      }
    }
  }

  private mutating func addNoise(_ amplitude: Int, _ noise: inout Noise) {
    for index in bytes.indices {
      let value = Int(bytes[index]) + Int.random(in: -amplitude...amplitude, using: &noise)
      bytes[index] = UInt8(max(0, min(255, value)))
    }
  }

  private mutating func fill(x: Int, y: Int, width: Int, height: Int, _ value: UInt8) {
    for row in y..<min(self.height, y + height) {
      for column in x..<min(self.width, x + width) { bytes[row * self.width + column] = value }
    }
  }
}
