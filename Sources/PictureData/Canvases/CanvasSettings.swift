/// How training canvases are made. Sizes are sides of squares of the same area, in pixels of the canvas; shares and
/// probabilities are from 0 to 1. The defaults suit faces.
package struct CanvasSettings: Sendable, Equatable {
  /// Columns and rows of a canvas, 32 to 512.
  package var side = 128
  /// How likely it is that a canvas shows none, one, two and more objects, compared with each other.
  package var objectCounts: [Float] = [0.15, 0.2, 0.25, 0.2, 0.12, 0.08]
  /// The same for decoys: what is pasted as objects are, and is none.
  package var decoyCounts: [Float] = [0.45, 0.35, 0.2]
  /// How large objects are.
  package var sizes = Sizes()
  /// How objects lie.
  package var pose = Pose()
  /// The soft masks through which objects are pasted.
  package var mask = Mask()
  /// What light does to objects.
  package var light = Light()
  /// What is around objects and in front of them.
  package var surroundings = Surroundings()
  /// What decoys show.
  package var decoys = Decoys()
  /// What lies behind everything.
  package var backdrop = Backdrop()
  /// What happens to a canvas as a whole.
  package var finish = Finish()

  /// The defaults.
  package init() {}

  /// How large objects are. Within each range, every ratio is equally likely.
  package struct Sizes: Sendable, Equatable {
    /// Sizes that the network learns.
    package var learned: ClosedRange<Float> = 16...60
    /// Objects too small to be learned, which are ``PlacedObject/Role/ignored``.
    package var small: ClosedRange<Float> = 9...16
    /// Objects that a coarser level finds.
    package var large: ClosedRange<Float> = 60...150
    /// How likely an object is one of ``small``.
    package var smallShare: Float = 0.08
    /// How likely an object is one of ``large``.
    package var largeShare: Float = 0.12
    /// Objects are ``PlacedObject/Role/large`` from this many times the largest learned size on, and ignored below.
    package var ignoredRatio: Float = 1.4
    /// Objects of which less than this part is on the canvas are ignored.
    package var visibleShare: Float = 0.35
    /// Objects whose middle has a smaller standard deviation than this, in gray levels, are ignored.
    package var leastDeviation: Float = 7

    /// The defaults.
    package init() {}

    /// What an object of this size counts for.
    package func role(of size: Float) -> PlacedObject.Role {
      if learned.contains(size) { return .object }
      return size > learned.upperBound * ignoredRatio ? .large : .ignored
    }
  }

  /// How objects lie.
  package struct Pose: Sendable, Equatable {
    /// How likely a crop is mirrored left to right.
    package var mirrored: Float = 0.5
    /// The largest rotation to either side, in degrees, 0 to 180.
    package var reach: Float = 40
    /// How likely the rotation is normal with this ``deviation``; otherwise every angle up to ``reach`` is equally likely.
    package var uprightShare: Float = 0.5
    /// The deviation of nearly upright objects, in degrees.
    package var deviation: Float = 9
    /// The width is multiplied by one of these; the box keeps its width.
    package var across: ClosedRange<Float> = 0.82...1.06
    /// The height, in the same way.
    package var down: ClosedRange<Float> = 0.92...1.06
    /// The standard deviation of the shear.
    package var shear: Float = 0.06
    /// How likely one half is compressed and the other stretched, as when something round turns aside.
    package var turned: Float = 0.25
    /// How far the middle moves then at most, as a part of half the width, 0 to 0.45.
    package var turnReach: Float = 0.35

    /// The defaults.
    package init() {}
  }

  /// Soft masks between an ellipse and a rectangle: (|x|/a)^p + (|y|/b)^p = 1, in half sides of the object.
  package struct Mask: Sendable, Equatable {
    /// The exponent p: 2 is an ellipse, 8 nearly a rectangle.
    package var exponent: ClosedRange<Float> = 2...8
    /// The half axis a.
    package var across: ClosedRange<Float> = 0.82...1
    /// The half axis b.
    package var down: ClosedRange<Float> = 0.9...1.08
    /// How far its middle is above or below the object's at most.
    package var shift: Float = 0.06
    /// Both half axes are multiplied by one of these where the crop's border is extended.
    package var growth: ClosedRange<Float> = 1...1.25
    /// How wide the soft edge is; at least one pixel.
    package var feather: ClosedRange<Float> = 0.02...0.35
    /// How likely the crop's border is extended, by reflection as often as by repeating it.
    package var extendedShare: Float = 2 / 3

    /// The defaults.
    package init() {}
  }

  /// What light does to objects.
  package struct Light: Sendable, Equatable {
    /// How likely the mean is moved towards that of the place.
    package var matched: Float = 0.5
    /// How far: 1 makes them equal.
    package var match: ClosedRange<Float> = 0.3...1
    /// How likely contrast and brightness change.
    package var varied: Float = 0.6
    /// What differences from the mean are multiplied by then.
    package var contrast: ClosedRange<Float> = 0.45...1.3
    /// The standard deviation of what is added then, in gray levels.
    package var brightness: Float = 12
    /// How likely light falls from one side.
    package var sideLit: Float = 0.3
    /// The standard deviation of its strength: 1 makes one edge black and doubles the other.
    package var sideLight: Float = 0.35
    /// How likely an object is dark.
    package var dark: Float = 0.15
    /// The power that gray levels from 0 to 1 are raised to then.
    package var darkGamma: ClosedRange<Float> = 1.4...3
    /// What they are multiplied by then.
    package var darkGain: ClosedRange<Float> = 0.5...1
    /// How likely an object is overexposed: its light parts become white.
    package var overexposed: Float = 0.05
    /// How likely an object is blurred, as if it were enlarged.
    package var blurred: Float = 0.12
    /// The part of its pixels along each side that is left then.
    package var blur: ClosedRange<Float> = 0.35...0.8

    /// The defaults.
    package init() {}
  }

  /// What is around objects and in front of them.
  package struct Surroundings: Sendable, Equatable {
    /// How likely a head and shoulders are drawn behind an object or a decoy.
    package var heads: Float = 0.5
    /// How likely an object is cut off by a straight edge.
    package var occluded: Float = 0.12
    /// How far that edge is from the object's middle, in sizes.
    package var edge: ClosedRange<Float> = 0.28...0.5

    /// The defaults.
    package init() {}
  }

  /// What decoys show: shares compared with each other.
  package struct Decoys: Sendable, Equatable {
    /// A part of a background.
    package var background: Float = 0.42
    /// An object cut into four or nine pieces, in another order.
    package var shuffled: Float = 0.14
    /// An object upside down; none where objects are rotated by 90 degrees and more.
    package var upsideDown: Float = 0.18
    /// A part of an object, enlarged.
    package var part: Float = 0.18
    /// A drawn head without anything in it.
    package var bare: Float = 0.08
    /// How likely a decoy lies at any angle.
    package var anyAngle: Float = 0.3

    /// The defaults.
    package init() {}
  }

  /// What lies behind everything.
  package struct Backdrop: Sendable, Equatable {
    /// How likely a mined spot is shown, once there are some.
    package var mined: Float = 0.45
    /// How large that spot is shown.
    package var minedSizes: ClosedRange<Float> = 16...60
    /// How likely a page of drawn writing is shown otherwise.
    package var writing: Float = 0.06
    /// The smallest part of a picture that is shown, in sides of the canvas; the largest is the whole picture.
    package var closest: Float = 0.4
    /// How likely two backgrounds are joined along a straight line.
    package var joined: Float = 0.15
    /// How likely a background is mirrored left to right.
    package var mirrored: Float = 0.5
    /// How likely it is turned upside down.
    package var flipped: Float = 0.1
    /// How likely its rows become columns.
    package var transposed: Float = 0.1
    /// How likely it is a negative.
    package var inverted: Float = 0.05

    /// The defaults.
    package init() {}
  }

  /// What happens to a canvas as a whole.
  package struct Finish: Sendable, Equatable {
    /// How likely a gamma is applied.
    package var gammaShare: Float = 0.6
    /// The standard deviation of its logarithm.
    package var gamma: Float = 0.35
    /// How likely contrast and brightness change.
    package var contrastShare: Float = 0.5
    /// What differences from middle gray are multiplied by then.
    package var contrast: ClosedRange<Float> = 0.4...1.2
    /// The standard deviation of what is added then, in gray levels.
    package var brightness: Float = 15
    /// How likely the scene is dark.
    package var dark: Float = 0.1
    /// The power that gray levels from 0 to 1 are raised to then.
    package var darkGamma: ClosedRange<Float> = 1.3...2.2
    /// What they are multiplied by then.
    package var darkGain: ClosedRange<Float> = 0.35...0.9
    /// How likely it is blurred.
    package var blurred: Float = 0.35
    /// The deviation of the blur, in pixels.
    package var blur: ClosedRange<Float> = 0.3...1.1
    /// How likely noise is added.
    package var noisy: Float = 0.4
    /// The standard deviation of the noise, in gray levels.
    package var noise: ClosedRange<Float> = 1...12
    /// How likely it is compressed as JPEG.
    package var compressed: Float = 0.3
    /// How coarsely, as FFmpeg's encoder counts: 2 is fine, 31 is coarse.
    package var quantizer: ClosedRange<Int> = 2...20

    /// The defaults.
    package init() {}
  }
}
