namespace CleanRoom.Grains.Datasets;

/// <summary>Ends the reading of content that nobody wants any more, so that the store keeps nothing of it.</summary>
internal sealed class DiscardedException() : IOException("the content was discarded before its end");
