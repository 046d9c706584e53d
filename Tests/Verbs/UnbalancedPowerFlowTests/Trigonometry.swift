import Glibc

func cosine(_ angle: Double) -> Double { cos(angle) }
