"""Indonesian words that people also bear as names, or that stand beside names: masking them everywhere would leave no sentence whole."""

ORDINARY = frozenset(
    # people and groups
    "warga orang keluarga kelompok anak bapak suami istri isteri saudara tetangga teman kawan kepala ketua anggota pengurus"
    " petani tani guru siswa murid pemuda pemudi remaja lansia janda duda yatim jamaah umat rakyat masyarakat penduduk kami saya"
    " kita mereka beliau karang taruna perwakilan wakil atas nama para semua seluruh beberapa"
    # the village
    " desa dusun dukuh grumbul kampung jalan gang rumah kantor balai pasar sawah kebun ladang sungai kali parit jembatan masjid"
    " mushola musala langgar gereja pura sekolah madrasah posyandu puskesmas lapangan pondok warung toko kandang sumur makam"
    " tanah batu pasir kayu bambu listrik tiang kabel lampu pipa saluran selokan sampah bantuan beras uang"
    # nature, time, place
    " gunung bukit laut pantai danau hutan hujan angin embun awan langit bumi bulan bintang surya mentari cahaya fajar senja pagi"
    " siang sore malam subuh hari minggu senin selasa rabu kamis jumat sabtu januari februari maret april juni juli agustus"
    " september oktober november desember tahun timur barat utara selatan tengah depan belakang atas bawah kiri kanan"
    " bunga melati mawar kenanga cempaka teratai dahlia anggrek kamboja sari padi jagung kelapa pisang nangka manggis jati"
    " elang merpati garuda kancil macan harimau gajah"
    # what is good
    " jaya indah bagus baik murni suci sabar setia mulia mulya makmur harapan kasih cinta damai jujur adil bakti budi utama karya"
    " muda besar kecil baru lama kuat teguh tegar aman tenang senang gembira lestari asri permai sejahtera sentosa sehat selamat"
    " slamet untung rejeki rezeki berkah rahmat iman islam amal ikhlas wahyu sholeh salam merdeka pertiwi nusa bangsa putra putri"
    " raja ratu dewa dewi pangeran intan mutiara permata emas perak kencana mekar subur rukun tentrem tentram waras eling"
    # colours and numbers
    " merah putih hitam hijau biru kuning coklat satu dua tiga empat lima enam tujuh delapan sembilan sepuluh pertama kedua".split()
)
